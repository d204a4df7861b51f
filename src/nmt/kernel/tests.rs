//! Every level of this CPU against the scalar one, bit for bit, and all of them against sums in 64
//! bits.

use super::*;
use crate::nmt::toy_model::Random;

/// Weights of a product, column by column.
fn weights(random: &mut Random, inner: usize, columns: usize) -> Vec<Vec<i8>> {
    let weight = |random: &mut Random| (random.next(255) as i32 - 127) as i8;
    (0..columns)
        .map(|_| (0..inner).map(|_| weight(random)).collect())
        .collect()
}

fn packed(inner: usize, columns: &[Vec<i8>]) -> PackedWeights {
    let columns: Vec<&[i8]> = columns.iter().map(Vec::as_slice).collect();
    PackedWeights::new(inner, &columns)
}

#[test]
fn every_level_of_this_cpu_gives_the_same_bits() {
    let random = &mut Random(7);
    let mut shapes: Vec<_> = (1..=17).map(|rows| (rows, 20, 83)).collect();
    shapes.extend([
        (1, 4, 1),
        (2, 30, 17),
        (3, 64, 160),
        (13, 7, 65),
        (40, 65, 33),
    ]);
    if cfg!(miri) {
        // An interpreter needs minutes for the full shapes.
        shapes = vec![(1, 6, 65), (2, 5, 33), (3, 4, 17), (7, 4, 33), (9, 4, 16)];
    }
    for (rows, inner, columns) in shapes {
        let packed = packed(inner, &weights(random, inner, columns));
        let x: Vec<f32> = (0..rows * inner)
            .map(|_| random.next(2000) as f32 / 500.0 - 2.0)
            .collect();
        let unscale: Vec<f32> = (0..columns).map(|c| 0.001 * (c + 1) as f32).collect();
        let bias: Vec<f32> = (0..columns).map(|c| c as f32 - 3.0).collect();
        let epilogue = Epilogue {
            unscale: &unscale,
            bias: &bias,
            relu: rows % 2 == 0,
        };
        let result = |level: KernelLevel| -> Vec<u32> {
            let mut memory = Vec::new();
            let u = quantise(level, &x, inner, packed.depth(), 63.5, &mut memory);
            let mut y = vec![0.0; rows * columns];
            multiply(level, u, &packed, &epilogue, &mut y);
            y.into_iter().map(f32::to_bits).collect()
        };
        let wanted = result(KernelLevel::Scalar);
        for level in KernelLevel::available() {
            assert_eq!(
                result(level),
                wanted,
                "{level:?} {rows} × {inner} × {columns}"
            );
        }
    }
}

#[test]
fn no_level_saturates() {
    let random = &mut Random(11);
    let (rows, inner, columns) = if cfg!(miri) { (3, 8, 17) } else { (6, 72, 35) };
    let extreme = |random: &mut Random| if random.next(4) == 0 { -127 } else { 127 };
    let weights: Vec<Vec<i8>> = (0..columns)
        .map(|_| (0..inner).map(|_| extreme(random)).collect())
        .collect();
    let q: Vec<i64> = (0..rows * inner)
        .map(|_| i64::from(extreme(random)))
        .collect();
    let packed = packed(inner, &weights);
    let (unscale, bias) = (vec![1.0; columns], vec![0.0; columns]);
    let epilogue = Epilogue {
        unscale: &unscale,
        bias: &bias,
        relu: false,
    };
    // Far beyond the clamp.
    let x: Vec<f32> = q.iter().map(|&q| q as f32 * 9.0).collect();
    for level in KernelLevel::available() {
        let mut memory = Vec::new();
        let u = quantise(level, &x, inner, packed.depth(), 1.0, &mut memory);
        let mut y = vec![0.0; rows * columns];
        multiply(level, u, &packed, &epilogue, &mut y);
        for (row, (q, y)) in q.chunks(inner).zip(y.chunks(columns)).enumerate() {
            for (column, (weights, &y)) in weights.iter().zip(y).enumerate() {
                let pairs = q.iter().zip(weights);
                let sum: i64 = pairs.map(|(q, &w)| (q + 127) * i64::from(w)).sum();
                assert_eq!(y, sum as f32, "{level:?} row {row}, column {column}");
            }
        }
    }
}

#[test]
fn memory_that_is_filled_again_holds_nothing_of_before() {
    let random = &mut Random(3);
    let mut again = packed(18, &weights(random, 18, 40));
    for (inner, columns) in [(9, 20), (8, 16), (5, 33), (18, 2)] {
        let weights = weights(random, inner, columns);
        let slices: Vec<&[i8]> = weights.iter().map(Vec::as_slice).collect();
        again.refill(inner, &slices, slices.iter().map(|column| sum(column)));
        let fresh = packed(inner, &weights);
        let bytes =
            |packed: &PackedWeights| packed.groups.iter().flat_map(|g| g.0).collect::<Vec<_>>();
        assert_eq!(bytes(&again), bytes(&fresh));
        assert_eq!(
            (&again.sums, again.depth, again.columns),
            (&fresh.sums, fresh.depth, fresh.columns)
        );
    }
}

#[test]
fn rounding_is_half_to_even_and_clamped() {
    for (x, q) in [
        (0.5, 0),
        (1.5, 2),
        (2.5, 2),
        (-0.5, 0),
        (-1.5, -2),
        (200.0, 127),
        (-200.0, -127),
    ] {
        assert_eq!(i32::from(quantise_one(x)) - 127, q, "{x}");
    }
}
