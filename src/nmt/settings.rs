//! Checks the settings of a model file: a setting that the engine does not implement is an error
//! with its name, never a guess.

use super::error::Error;
use super::network::NetworkShape;
use super::weights::ModelWeights;

/// Values that a setting may have, if it is present; keys and values are Marian's.
const REQUIRED_VALUES: [(&str, &[&str]); 17] = [
    ("type", &["transformer"]),
    ("dec-cell", &["ssru"]),
    ("transformer-decoder-autoreg", &["rnn"]),
    ("transformer-preprocess", &[""]),
    ("transformer-postprocess", &["dan"]),
    ("transformer-postprocess-emb", &["d", ""]),
    ("transformer-postprocess-top", &[""]),
    ("transformer-ffn-activation", &["relu"]),
    ("transformer-ffn-depth", &["2"]),
    ("transformer-tied-layers", &["", "[]"]),
    ("layer-normalization", &["false"]),
    ("transformer-no-projection", &["false"]),
    ("transformer-train-positions", &["false"]),
    ("transformer-train-position-embeddings", &["false"]),
    ("transformer-depth-scaling", &["false"]),
    ("right-left", &["false"]),
    ("factors-dim-emb", &["0"]),
];

/// Settings that every model must have.
const REQUIRED_KEYS: [&str; 3] = ["type", "dec-cell", "transformer-decoder-autoreg"];

/// Reads the dimensions of the network and checks all other settings.
///
/// Errors: [`Error::Unsupported`] with key and value; [`Error::Broken`] where a number is absent or
/// out of range.
pub fn shape(file: &str, weights: &ModelWeights<'_>) -> Result<NetworkShape, Error> {
    let settings = weights.settings()?;
    for key in REQUIRED_KEYS {
        if !settings.contains_key(key) {
            return Err(weights.wrong("special:model.yml", &format!("settings with `{key}`")));
        }
    }
    for (key, wanted) in REQUIRED_VALUES {
        if let Some(value) = settings.get(key)
            && !wanted.contains(&value.as_str())
        {
            return Err(Error::Unsupported {
                file: file.to_owned(),
                what: format!("a network with `{key}: {value}`"),
            });
        }
    }
    let number = |key: &str, range: std::ops::RangeInclusive<usize>| {
        settings
            .get(key)
            .and_then(|value| value.parse::<usize>().ok())
            .filter(|value| range.contains(value))
            .ok_or_else(|| {
                weights.wrong(
                    "special:model.yml",
                    &format!("settings with `{key}` in {range:?}"),
                )
            })
    };
    let shape = NetworkShape {
        dim: number("dim-emb", 4..=4096)?,
        ffn: number("transformer-dim-ffn", 1..=16_384)?,
        heads: number("transformer-heads", 1..=256)?,
        encoder: number("enc-depth", 1..=64)?,
        decoder: number("dec-depth", 1..=64)?,
    };
    if !shape.dim.is_multiple_of(shape.heads) || !shape.dim.is_multiple_of(2) {
        return Err(Error::Unsupported {
            file: file.to_owned(),
            what: format!("a width of {} for {} heads", shape.dim, shape.heads),
        });
    }
    Ok(shape)
}
