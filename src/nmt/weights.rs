//! Reads a Marian model file: its settings (flat YAML) and its named matrices.
//!
//! Layout, little endian: `u64 version = 1`, `u64 n`; n headers of `u64 name length` (with the
//! NUL), `u64 type`, `u64 dimensions`, `u64 data length`; all names; all shapes (i32); `u64
//! padding` and that many bytes; then the data of every item, back to back. The data length
//! includes padding, so the reader advances by it and never by shape × size.

use super::error::Error;
use super::reader::ByteReader;
use std::collections::BTreeMap;
use std::ops::Range;

/// The type of an item's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberType {
    /// 32-bit floats.
    Float32,
    /// Bytes: the settings.
    Int8,
    /// Signed bytes, transposed, followed by one f32 scale.
    Intgemm8,
}

/// An item of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightItem {
    /// The type of its numbers.
    pub kind: NumberType,
    /// The shape in the header; for a matrix [in, out].
    pub shape: Vec<usize>,
    /// Bytes of its data in the file.
    pub data: Range<usize>,
}

/// A model file: its items by name.
#[derive(Debug)]
pub struct ModelWeights<'a> {
    file: &'a str,
    bytes: &'a [u8],
    items: BTreeMap<String, WeightItem>,
}

/// An int8 matrix: its bytes, the scale of its weights, the shape in the header.
pub type Int8Matrix<'a> = (&'a [i8], f32, [usize; 2]);

/// Most items of a file. A model of this family has some 200.
const MAX_ITEMS: usize = 10_000;

impl<'a> ModelWeights<'a> {
    /// Reads headers, names and shapes, and checks that every item is inside the file.
    ///
    /// Errors: [`Error::Broken`] with the offset.
    pub fn read(file: &'a str, bytes: &'a [u8]) -> Result<Self, Error> {
        let mut reader = ByteReader::new(file, bytes);
        let version = reader.u64("the version")?;
        if version != 1 {
            let reason = format!("not a Marian model: version {version} instead of 1");
            return Err(reader.broken_at(0, reason));
        }
        let count = reader.count("the number of items")?;
        if count > MAX_ITEMS {
            return Err(reader.broken_at(8, format!("{count} items are too many")));
        }
        let mut headers = Vec::with_capacity(count.min(reader.left() / 32));
        for _ in 0..count {
            let at = reader.offset();
            let name = reader.count("a name's length")?;
            let kind = reader.u64("a type")?;
            let dimensions = reader.count("a number of dimensions")?;
            let length = reader.count("a data length")?;
            if dimensions > 4 {
                return Err(reader.broken_at(at + 16, format!("{dimensions} dimensions")));
            }
            headers.push((at, name, kind, dimensions, length));
        }
        let mut names = Vec::with_capacity(count);
        for &(_, length, ..) in &headers {
            let bytes = reader.take(length, "a name")?;
            let name = bytes.strip_suffix(&[0]).unwrap_or(bytes);
            names.push(String::from_utf8_lossy(name).into_owned());
        }
        let mut shapes = Vec::with_capacity(count);
        for &(_, _, _, dimensions, _) in &headers {
            let mut shape = Vec::with_capacity(dimensions);
            for _ in 0..dimensions {
                shape.push(reader.u32("a dimension")? as usize);
            }
            shapes.push(shape);
        }
        let padding = reader.count("the padding")?;
        reader.take(padding, "the padding")?;
        let mut items = BTreeMap::new();
        for (((at, _, kind, _, length), name), shape) in headers.into_iter().zip(names).zip(shapes)
        {
            let start = reader.offset();
            reader.take(length, &format!("`{name}`"))?;
            let kind = match kind {
                0x0404 => NumberType::Float32,
                0x0101 => NumberType::Int8,
                0x4101 => NumberType::Intgemm8,
                other => {
                    return Err(Error::Unsupported {
                        file: file.to_owned(),
                        what: format!("`{name}` of type {other:#06x}"),
                    });
                }
            };
            let elements = shape.iter().try_fold(1_usize, |n, &d| n.checked_mul(d));
            let needed = elements.and_then(|n| match kind {
                NumberType::Float32 => n.checked_mul(4),
                NumberType::Int8 => Some(n),
                NumberType::Intgemm8 => n.checked_add(4),
            });
            if needed.is_none_or(|needed| needed > length) {
                return Err(reader.broken_at(
                    at,
                    format!("`{name}` of shape {shape:?} does not fit its {length} bytes"),
                ));
            }
            let data = start..start + length;
            items.insert(name, WeightItem { kind, shape, data });
        }
        Ok(Self { file, bytes, items })
    }

    /// Whether the file has an item of this name.
    pub fn has(&self, name: &str) -> bool {
        self.items.contains_key(name)
    }

    fn item(&self, name: &str) -> Result<&WeightItem, Error> {
        self.items.get(name).ok_or_else(|| Error::Broken {
            file: self.file.to_owned(),
            offset: 0,
            reason: format!("`{name}` is absent"),
        })
    }

    fn mismatch(&self, name: &str, item: &WeightItem, wanted: &str) -> Error {
        Error::Broken {
            file: self.file.to_owned(),
            offset: item.data.start,
            reason: format!("`{name}` is {:?} {:?}, not {wanted}", item.kind, item.shape),
        }
    }

    /// The settings in the file: `key: value`, without lists.
    pub fn settings(&self) -> Result<BTreeMap<String, String>, Error> {
        let item = self.item("special:model.yml")?;
        let bytes = &self.bytes[item.data.clone()];
        let end = bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
        let text = String::from_utf8_lossy(&bytes[..end]);
        Ok(text
            .lines()
            .filter(|line| !line.starts_with([' ', '-', '#']))
            .filter_map(|line| line.split_once(':'))
            .map(|(key, value)| {
                let value = value.trim().trim_matches(['"', '\'']);
                (key.trim().to_owned(), value.to_owned())
            })
            .collect())
    }

    /// A vector of `len` floats. Marian stores it as a matrix of one row.
    pub fn vector(&self, name: &str, len: usize) -> Result<Vec<f32>, Error> {
        let item = self.item(name)?;
        if item.kind != NumberType::Float32 || item.shape.iter().product::<usize>() != len {
            return Err(self.mismatch(name, item, &format!("{len} floats")));
        }
        self.floats(name, item, len)
    }

    /// A single float.
    pub fn scalar(&self, name: &str) -> Result<f32, Error> {
        Ok(self.vector(name, 1)?[0])
    }

    fn floats(&self, name: &str, item: &WeightItem, len: usize) -> Result<Vec<f32>, Error> {
        let values: Vec<f32> = self.bytes[item.data.clone()]
            .chunks_exact(4)
            .take(len)
            .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(self.mismatch(name, item, "finite numbers"));
        }
        Ok(values)
    }

    /// An int8 matrix: its bytes, `[out][in]` (for an embedding `[vocabulary][dim]`), and its scale
    /// `quantMult`; `None` for a matrix of floats.
    pub fn int8_matrix(&self, name: &str) -> Result<Option<Int8Matrix<'a>>, Error> {
        let item = self.item(name)?;
        if item.kind != NumberType::Intgemm8 {
            return Ok(None);
        }
        let &[rows, columns] = &item.shape[..] else {
            return Err(self.mismatch(name, item, "a matrix"));
        };
        let elements = rows * columns;
        let data = &self.bytes[item.data.clone()];
        let scale = f32::from_le_bytes(data[elements..elements + 4].try_into().unwrap_or_default());
        if !(scale.is_finite() && scale > 0.0) {
            return Err(self.mismatch(name, item, "scaled by a positive number"));
        }
        let values = signed(&data[..elements]);
        // The format clamps to ±127; with −128 the kernels would disagree.
        if values.iter().fold(0, |least, &value| least.min(value)) == i8::MIN {
            return Err(self.mismatch(name, item, "within ±127"));
        }
        Ok(Some((values, scale, [rows, columns])))
    }

    /// A float matrix `[rows][columns]`.
    pub fn matrix(&self, name: &str) -> Result<(Vec<f32>, [usize; 2]), Error> {
        let item = self.item(name)?;
        let &[rows, columns] = &item.shape[..] else {
            return Err(self.mismatch(name, item, "a matrix"));
        };
        if item.kind != NumberType::Float32 {
            return Err(self.mismatch(name, item, "a float matrix"));
        }
        Ok((self.floats(name, item, rows * columns)?, [rows, columns]))
    }

    /// The error about an item that is not as `wanted`.
    pub fn wrong(&self, name: &str, wanted: &str) -> Error {
        match self.item(name) {
            Ok(item) => self.mismatch(name, item, wanted),
            Err(error) => error,
        }
    }
}

/// The same bytes, read as signed ones.
fn signed(bytes: &[u8]) -> &[i8] {
    super::kernel::as_signed(bytes)
}
