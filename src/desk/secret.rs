//! Keys that nobody can guess.

/// Random bytes as hexadecimal digits.
///
/// Errors: what the system says.
pub fn random_key() -> std::io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    Ok(blake3::Hash::from_bytes(bytes).to_hex().to_string())
}
