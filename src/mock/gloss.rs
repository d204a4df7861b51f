//! A gloss: frequent Dutch words become English ones, so that an answer reads like English from
//! afar.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Frequent words, Dutch and English; every other word stays as it is.
const WORDS: &str = "de=the; het=the; een=a; en=and; of=or; maar=but; want=because; dat=that; die=who; \
     dit=this; deze=these; in=in; op=on; aan=at; van=of; voor=for; met=with; bij=near; \
     naar=to; uit=from; over=about; door=by; om=at; te=to; tot=until; na=after; tegen=against; \
     tussen=between; onder=under; zonder=without; volgens=according to; tijdens=during; \
     sinds=since; ik=I; jij=you; hij=he; zij=she; ze=they; wij=we; we=we; zijn=are; haar=her; \
     hun=their; er=there; niet=not; geen=no; ook=also; nog=still; al=already; wel=indeed; \
     nu=now; dan=then; toen=then; als=if; zo=so; meer=more; veel=many; alle=all; andere=other; \
     nieuwe=new; grote=big; kleine=small; eerste=first; laatste=last; is=is; was=was; \
     waren=were; heeft=has; had=had; hebben=have; wordt=is; worden=are; werd=was; werden=were; \
     kan=can; kunnen=can; moet=must; moeten=must; zal=will; zullen=will; zou=would; zei=said; \
     zegt=says; gaat=goes; komt=comes; kwam=came; ging=went; man=man; vrouw=woman; \
     mensen=people; kind=child; kinderen=children; stad=city; land=country; wereld=world; \
     jaar=year; dag=day; week=week; maand=month; uur=o'clock; regering=government; \
     minister=minister; president=president; premier=prime minister; politie=police; \
     leger=army; oorlog=war; vrede=peace; gemeente=municipality; burgemeester=mayor; \
     rechter=judge; bedrijf=company; bedrijven=companies; school=school; huis=house; \
     water=water; weg=road; trein=train; miljoen=million; miljard=billion; procent=percent; \
     twee=two; drie=three; vier=four; vijf=five; maandag=Monday; dinsdag=Tuesday; \
     woensdag=Wednesday; donderdag=Thursday; vrijdag=Friday; zaterdag=Saturday; zondag=Sunday; \
     januari=January; februari=February; maart=March; april=April; mei=May; juni=June; \
     juli=July; augustus=August; september=September; oktober=October; november=November; \
     december=December; goed=good; slecht=bad; regent=rains; open=open; dicht=closed; \
     altijd=always; nooit=never; gisteren=yesterday; vandaag=today; morgen=tomorrow; \
     hier=here; daar=there; nederland=Netherlands; nederlandse=Dutch; amerikaanse=American; \
     britse=British; russische=Russian; duitse=German; franse=French; europese=European;";

/// The table from Dutch to English and the one back, in which the first English word of several
/// counts.
static TABLES: LazyLock<[HashMap<&str, &str>; 2]> = LazyLock::new(|| {
    let pairs = || {
        WORDS
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
    };
    let mut back = HashMap::new();
    for (nl, en) in pairs() {
        back.entry(en).or_insert(nl);
    }
    [pairs().collect(), back]
});

/// Replaces the words that are known, and the terms wherever their source stands, the longest
/// first; tags, names and numbers stay. Between languages other than Dutch and English only the
/// terms are replaced.
pub fn glossed(text: &str, pair: (&str, &str), terms: &[(String, String)]) -> String {
    let table = match pair {
        ("nl", "en") => Some(&TABLES[0]),
        ("en", "nl") => Some(&TABLES[1]),
        _ => None,
    };
    let mut terms: Vec<&(String, String)> = terms
        .iter()
        .filter(|(source, _)| !source.is_empty())
        .collect();
    terms.sort_by_key(|(source, _)| std::cmp::Reverse(source.len()));
    let mut out = String::with_capacity(text.len() + 16);
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let tail = &text[at..];
        if let Some((source, target)) = terms
            .iter()
            .find(|(source, _)| tail.starts_with(source.as_str()))
        {
            words(&text[start..at], table, &mut out);
            out.push_str(target);
            at += source.len();
            start = at;
        } else {
            at += tag_length(tail).unwrap_or_else(|| tail.chars().next().map_or(1, char::len_utf8));
        }
    }
    words(&text[start..], table, &mut out);
    out
}

/// How long the tag or mark is that a text begins with.
fn tag_length(text: &str) -> Option<usize> {
    let close = match text.chars().next()? {
        '<' => '>',
        '⟦' => '⟧',
        _ => return None,
    };
    text.find(close).map(|at| at + close.len_utf8())
}

/// Replaces the words of a piece of text.
fn words(text: &str, table: Option<&HashMap<&str, &str>>, out: &mut String) {
    let Some(table) = table else {
        out.push_str(text);
        return;
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match tag_length(rest) {
            Some(length) => length,
            None if first.is_alphabetic() => rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len()),
            None => first.len_utf8(),
        };
        let (piece, tail) = rest.split_at(length);
        rest = tail;
        match table.get(piece.to_lowercase().as_str()) {
            Some(known) if first.is_uppercase() => {
                let mut chars = known.chars();
                out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
                out.push_str(chars.as_str());
            }
            Some(known) => out.push_str(known),
            None => out.push_str(piece),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_tags_stay_and_terms_come_first() {
        let text = "De minister is in <g id=\"1\">Koersk</g> op 3 mei.";
        assert_eq!(
            glossed(text, ("nl", "en"), &[]),
            "The minister is in <g id=\"1\">Koersk</g> on 3 May."
        );
        let terms = [
            ("Koersk".to_owned(), "Kursk".to_owned()),
            ("De minister".to_owned(), "The secretary".to_owned()),
        ];
        assert_eq!(
            glossed(text, ("nl", "en"), &terms),
            "The secretary is in <g id=\"1\">Kursk</g> on 3 May."
        );
        assert_eq!(
            glossed(text, ("nl", "de"), &terms[..1]),
            text.replace("Koersk", "Kursk")
        );
        assert_eq!(
            glossed("The city and the police", ("en", "nl"), &[]),
            "De stad en de politie"
        );
    }
}
