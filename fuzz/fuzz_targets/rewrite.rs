//! Targets written into TMX and XLIFF of other tools.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (choice, rest) = bytes
        .split_first()
        .map_or((0, bytes), |(first, rest)| (usize::from(*first), rest));
    overzet_fuzz::rewrite(choice, rest);
});
