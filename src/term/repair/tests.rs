//! Repairs as a desk would expect them, and the corruptions that the guards were written against.

use super::*;
use crate::term::{find, violations};

/// A small desk's glossary; the fixtures are our own.
const DESK: &str = "nl\ten\ten_accept\ten_family\tforbidden\tpolicy\tcase\tarticle\twhen\tdomain\tnote\tnl_forms\n\
VS\tU.S.\tUnited States|US|America\tAmerican\t\texact\texact\tthe\t\tx\t\t\n\
VN\tU.N.\tUnited Nations|UN\t\t\texact\texact\tthe\t\tx\t\t\n\
NAVO\tNATO\tNorth Atlantic Treaty Organization|Nato\t\t\texact\texact\tnone\t\tx\t\t\n\
Eerste Wereldoorlog\tWorld War I\tFirst World War|WWI\tFirst and Second World Wars|World Wars I and II\t\texact\texact\tnone\t\tx\t\t\n\
Tweede Wereldoorlog\tWorld War II\tSecond World War|WWII\tFirst and Second World Wars|World Wars I and II\t\texact\texact\tnone\t\tx\t\t\n\
Noord-Korea\tNorth Korea\t\tNorth Korean|North Koreans\tNorth-Korea\texact\texact\tnone\t\tx\t\t\n\
Zuid-Korea\tSouth Korea\t\tSouth Korean\t\texact\texact\tnone\t\tx\t\t\n\
Zelensky\tZelenskyy\t\t\tZelensky|Zelenski\texact\texact\tnone\t\tx\t\t\n\
Charkov\tKharkiv\t\t\tKharkov\texact\texact\tnone\t\tx\t\t\n\
premier\tprime minister\tpremier\t\t\texact\ttitle-before-name\tkeep\t\tx\t\t\n\
president\tpresident\thead of state\t\t\texact\ttitle-before-name\tkeep\t\tx\t\t\n\
staakt-het-vuren\tcease-fire\tceasefire|truce\t\t\texact\tlower\tkeep\t\tx\t\t\n\
Oost-Oekraïne\teastern Ukraine\tEast Ukraine|Eastern Ukraine|the east of Ukraine\t\t\texact\tlower\tnone\t\tx\t\t\n\
Nederland\tNetherlands\tHolland\tDutch\t\texact\texact\tthe\t\tx\t\t\n\
Verenigd Koninkrijk\tBritain\tUnited Kingdom|UK|U.K.\tBritish\t\texact\texact\tnone\t\tx\t\t\n\
Londen\tLondon\t\t\tLonden\texact\tfollow-source\tnone\t\tx\t\t\n\
Koeweit\tKuwait\t\tKuwaiti\tKoeweit\texact\texact\tnone\t\tx\t\t\n\
MI5\tMI5\t\t\tMI-5\tkeep\texact\tnone\t\tx\t\t\n\
Paris Saint-Germain\tParis Saint-Germain\t\t\t\tkeep\texact\tnone\t\tx\t\t\n\
Parijs\tParis\t\t\tParijs\texact\texact\tnone\t\tx\t\t\n\
IJsselmeer\tLake IJssel\tIJssel Lake\t\t\texact\texact\tnone\t\tx\t\t\n\
kernwapens\tnuclear weapons\t\t\tcore weapons|atomic weapons\texact\tlower\tkeep\t\tx\t\t\n\
regering-Trump\tTrump administration\t\t\tTrump government|Trump cabinet\texact\tlower\tthe\t\tx\t\t\n\
ministerie van Defensie\tPentagon\tDefense Department|Department of Defense\t\t\texact\texact\tthe\tcountry=US\tx\t\t\n\
ministerie van Defensie\tDefense Ministry\tMinistry of Defense|Ministry of Defence\t\t\texact\texact\tthe\t\tx\t\t\n\
Antonio Guterres\tAntónio Guterres\t\t\t\tkeep\texact\tnone\t\tx\t\tGuterres\n\
Dnjepr\tDnieper\tDnipro\t\t\texact\texact\tthe\t\tx\t\t\n\
Sebastopol\tSevastopol\t\t\t\texact\texact\tnone\t\tx\t\t\n\
Westelijke Jordaanoever\tWest Bank\t\t\t\texact\texact\tthe\t\tx\t\t\n\
David Cameron\tDavid Cameron\t\t\t\tkeep\texact\tnone\t\tperson\tBritish foreign secretary\tCameron\n\
buitenlandminister\tForeign Secretary\tforeign minister\t\t\texact\ttitle-before-name\tkeep\tcountry=GB\tx\t\t\n\
buitenlandminister\tforeign minister\t\t\t\texact\ttitle-before-name\tkeep\t\tx\t\t\n\
voor Christus\tB.C.\tBC|BCE\t\t\texact\texact\tkeep\t\tx\t\tv.Chr.\n\
EU\tEU\tEuropean Union\t\t\texact\texact\tthe\t\tx\t\t\n";

fn repaired(source: &str, target: &str) -> (String, usize) {
    let glossary = Glossary::parse("desk.tsv", DESK).unwrap();
    let mut units = [Unit {
        source: source.into(),
        target: target.into(),
        state: State::Translated,
        ..Unit::default()
    }];
    find(&mut units, &glossary);
    enforce(&mut units, &glossary, &|_| 0);
    let once = units[0].clone();
    enforce(&mut units, &glossary, &|_| 0);
    assert_eq!(units[0], once, "repairing is idempotent");
    let flags = violations(&units[0], &glossary).len();
    (units[0].target.plain.clone(), flags)
}

#[test]
fn the_house_form_replaces_what_stands_there() {
    let pairs = [
        (
            "Hij sprak voor de VN.",
            "He spoke to the United Nations.",
            "He spoke to the U.N.",
        ),
        (
            "Sprak hij voor de VN?",
            "Did he speak to the United Nations?",
            "Did he speak to the U.N.?",
        ),
        (
            "“We gaan naar de VS”, zei hij.",
            "“We are going to the United States,” he said.",
            "“We are going to the U.S.,” he said.",
        ),
        (
            "\"Dit zijn de VS.\"",
            "\"This is the United States.\"",
            "\"This is the U.S.\"",
        ),
        (
            "VS-functionarissen zwegen.",
            "US officials were silent.",
            "U.S. officials were silent.",
        ),
        (
            "Een VS-functionaris zweeg.",
            "An American official was silent.",
            "An American official was silent.",
        ),
        ("Een gezant van de VN.", "A UN envoy.", "A U.N. envoy."),
        (
            "De NAVO vergadert.",
            "The North Atlantic Treaty Organization is meeting.",
            "NATO is meeting.",
        ),
        (
            "De NAVO-chef zweeg.",
            "The Nato chief was silent.",
            "The NATO chief was silent.",
        ),
        (
            "Veteranen van de Tweede Wereldoorlog.",
            "The Second World War veterans.",
            "The World War II veterans.",
        ),
        (
            "Na de Eerste Wereldoorlog kwam vrede.",
            "After the First World War peace came.",
            "After World War I peace came.",
        ),
        (
            "De Eerste Wereldoorlog en de Tweede Wereldoorlog.",
            "World Wars I and II.",
            "World Wars I and II.",
        ),
        (
            "De Eerste en de Tweede Wereldoorlog.",
            "The First and Second World War.",
            "The First and Second World War.",
        ),
        (
            "Noord-Korea en Zuid-Korea praten.",
            "North and South Korea are talking.",
            "North and South Korea are talking.",
        ),
        (
            "Zelensky's plan faalde.",
            "Zelensky's plan failed.",
            "Zelenskyy's plan failed.",
        ),
        (
            "Zelensky’s plan faalde.",
            "Zelensky’s plan failed.",
            "Zelenskyy’s plan failed.",
        ),
        (
            "Volodymyr Zelensky kwam.",
            "Volodymyr Zelensky came.",
            "Volodymyr Zelenskyy came.",
        ),
        (
            "De burgemeester van Charkov, de stad Charkov.",
            "The mayor of Kharkov, the city of Kharkiv.",
            "The mayor of Kharkiv, the city of Kharkiv.",
        ),
        (
            "De Deense premier Mette Holm kwam.",
            "Danish premier Mette Holm came.",
            "Danish Prime Minister Mette Holm came.",
        ),
        (
            "De Britse premier kwam dinsdag.",
            "The British Prime Minister came Tuesday.",
            "The British prime minister came Tuesday.",
        ),
        (
            "Premier Mark Jansen zei ja.",
            "Premier Mark Jansen said yes.",
            "Prime Minister Mark Jansen said yes.",
        ),
        (
            "\"Premier zijn is zwaar\", zei hij.",
            "\"Being premier is hard,\" he said.",
            "\"Being prime minister is hard,\" he said.",
        ),
        (
            "De president van Frankrijk kwam.",
            "The President of France came.",
            "The president of France came.",
        ),
        (
            "President Emmanuel Petit kwam.",
            "President Emmanuel Petit came.",
            "President Emmanuel Petit came.",
        ),
        (
            "Het staakt-het-vuren hield stand. Een staakt-het-vuren is broos.",
            "The truce held. A ceasefire is fragile.",
            "The cease-fire held. A cease-fire is fragile.",
        ),
        (
            "Staakt-het-vuren geschonden.",
            "Ceasefire violated.",
            "Cease-fire violated.",
        ),
        (
            "In Oost-Oekraïne wordt gevochten.",
            "There is fighting in Eastern Ukraine.",
            "There is fighting in eastern Ukraine.",
        ),
        (
            "Oost-Oekraïne brandt.",
            "East Ukraine is burning.",
            "Eastern Ukraine is burning.",
        ),
        (
            "In het oosten, in Oost-Oekraïne, is het stil.",
            "In the east, in the east of Ukraine, it is quiet.",
            "In the east, in eastern Ukraine, it is quiet.",
        ),
        (
            "Hij woont in Nederland.",
            "He lives in Holland.",
            "He lives in the Netherlands.",
        ),
        (
            "Nederland zwijgt.",
            "Holland is silent.",
            "The Netherlands is silent.",
        ),
        (
            "Zij komt uit het Verenigd Koninkrijk.",
            "She is from the UK.",
            "She is from Britain.",
        ),
        (
            "Het Verenigd Koninkrijk zwijgt.",
            "The UK is silent.",
            "Britain is silent.",
        ),
        (
            "LONDEN – De premier zweeg.",
            "LONDON – The prime minister was silent.",
            "LONDON – The prime minister was silent.",
        ),
        (
            "LONDEN – De premier zweeg.",
            "LONDEN – The prime minister was silent.",
            "LONDON – The prime minister was silent.",
        ),
        (
            "KOEWEIT – Het is warm.",
            "KOEWEIT – It is hot.",
            "KUWAIT – It is hot.",
        ),
        (
            "Koeweits leger rukte op.",
            "Koeweits army advanced.",
            "Kuwait's army advanced.",
        ),
        (
            "Koeweits leger rukte op.",
            "Kuwait's army advanced.",
            "Kuwait's army advanced.",
        ),
        (
            "De MI5-baas zweeg.",
            "The MI-5 boss was silent.",
            "The MI5 boss was silent.",
        ),
        (
            "Paris Saint-Germain speelt in Parijs.",
            "Paris Saint-Germain plays in Parijs.",
            "Paris Saint-Germain plays in Paris.",
        ),
        (
            "Het vroor op het IJsselmeer.",
            "It froze on the IJsselmeer.",
            "It froze on Lake IJssel.",
        ),
        (
            "Zij hebben kernwapens.",
            "They have core weapons.",
            "They have nuclear weapons.",
        ),
        (
            "Kernwapens zijn gevaarlijk.",
            "Atomic weapons are dangerous.",
            "Nuclear weapons are dangerous.",
        ),
        (
            "De regering-Trump ontkende.",
            "The Trump government denied it.",
            "The Trump administration denied it.",
        ),
        (
            "Washington reageerde. Het ministerie van Defensie zweeg.",
            "Washington reacted. The Department of Defense was silent.",
            "Washington reacted. The Pentagon was silent.",
        ),
        (
            "Het Noorse ministerie van Defensie zweeg.",
            "The Norwegian Ministry of Defence was silent.",
            "The Norwegian Defense Ministry was silent.",
        ),
        ("Guterres sprak.", "Guterres spoke.", "Guterres spoke."),
        (
            "Antonio Guterres sprak.",
            "Antonio Guterres spoke.",
            "António Guterres spoke.",
        ),
        (
            "De Dnjepr is breed.",
            "The Dnipro is wide.",
            "The Dnieper is wide.",
        ),
        (
            "De haven van Sebastopol brandt.",
            "The port of Sebastopol is burning.",
            "The port of Sevastopol is burning.",
        ),
        (
            "De haven van Sebastopol brandt.",
            "The port of Sevastapol is burning.",
            "The port of Sevastopol is burning.",
        ),
        (
            "Cameron kwam. De buitenlandminister zweeg.",
            "Cameron came. The foreign minister was silent.",
            "Cameron came. The foreign secretary was silent.",
        ),
        (
            "De Noorse buitenlandminister zweeg.",
            "The Norwegian foreign minister was silent.",
            "The Norwegian foreign minister was silent.",
        ),
        (
            "In 300 voor Christus viel de stad.",
            "In 300 BC the city fell.",
            "In 300 B.C. the city fell.",
        ),
        (
            "De stad viel in 300 v.Chr.",
            "The city fell in 300 BC.",
            "The city fell in 300 B.C.",
        ),
        (
            "De EU-top begon.",
            "The European Union summit began.",
            "The EU summit began.",
        ),
        (
            "Een EU-gezant kwam.",
            "A European Union envoy came.",
            "An EU envoy came.",
        ),
        (
            "Hij vertelde het ons over de VS.",
            "He told us about the US.",
            "He told us about the U.S.",
        ),
        (
            "Wie van ons gaat naar de VN?",
            "Who of us goes to the UN?",
            "Who of us goes to the U.N.?",
        ),
        (
            "De VS en de VN zwegen, maar de VS niet lang.",
            "The US and the UN were silent, but the US not for long.",
            "The U.S. and the U.N. were silent, but the U.S. not for long.",
        ),
        (
            "US Airways vloog uit de VS.",
            "US Airways flew from the US.",
            "US Airways flew from the U.S.",
        ),
        (
            "De VS’ belangen tellen.",
            "The United States’ interests count.",
            "The U.S.’s interests count.",
        ),
        (
            "Zij reisde naar Koeweit.",
            "She travelled to Kuweit.",
            "She travelled to Kuwait.",
        ),
    ];
    for (source, target, wanted) in pairs {
        assert_eq!(repaired(source, target), (wanted.to_owned(), 0));
    }
}

#[test]
fn what_is_not_sure_is_left_alone_and_flagged() {
    let pairs = [
        ("De haven van Sebastopol brandt.", "The port is burning."),
        (
            "Op de Westelijke Jordaanoever is het stil.",
            "It is quiet on the Western Jordan bank.",
        ),
        ("Noord-Korea dreigt.", "South Korea is threatening."),
    ];
    for (source, target) in pairs {
        let (text, flags) = repaired(source, target);
        assert_eq!(text, target);
        assert!(flags > 0, "{target}");
    }
}

#[test]
fn a_repair_that_adds_a_finding_is_undone() {
    let glossary = Glossary::parse("desk.tsv", "nl\ten\tforbidden\nKiev\tKyiv\tKiev\n").unwrap();
    let unit = Unit {
        source: "Kiev zwijgt.".into(),
        target: "Kiev is silent.".into(),
        state: State::Translated,
        ..Unit::default()
    };
    let mut units = [unit.clone()];
    find(&mut units, &glossary);
    enforce(&mut units, &glossary, &|unit| {
        usize::from(unit.target.plain.contains("Kyiv"))
    });
    assert_eq!(units[0].target, unit.target);
    assert_eq!(units[0].hits[0].verdict, Some(Verdict::Forbidden));
}
