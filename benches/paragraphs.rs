//! The text that the benchmarks read.

/// A few paragraphs in the manner of a newspaper; written for the benchmarks.
pub const PARAGRAPHS: [&str; 5] = [
    "De gemeenteraad van Deventer stemde dinsdagavond in met de bouw van 1.300 woningen langs de spoorlijn. Wethouder mr. A.J. de Boer sprak van ‘een \
     doorbraak na twaalf jaar praten’. Volgens haar kan de eerste paal op 3 sept. 2026 de grond in. De oppositie is minder blij: zij vreest dat het verkeer \
     op de Stationsstr. vastloopt.",
    "“Wij hebben niets tegen huizen”, zegt buurtbewoner Henk Slot (66). “Maar waarom moeten ze zo hoog? Niemand heeft ons iets gevraagd.” Hij woont al \
     veertig jaar in de wijk, o.a. in de flat die nu tegen de vlakte gaat. ’s Avonds ziet hij de zon nog net achter de silo’s zakken.",
    "Het plan kost 45,5 mln. euro, waarvan het rijk een derde betaalt. Dat is 2,5 procent meer dan in de begroting van vorig jaar stond. Toch noemt de \
     wethouder het bedrag ‘alleszins redelijk’. Bouwbedrijf Van der Wal N.V. Apeldoorn voert het werk uit, samen met twee kleinere firma's.",
    "Of het tempo gehaald wordt, is de vraag. In de sector ontbreken vaklieden, materiaal is duur en de rechter kan nog roet in het eten gooien. Drie \
     omwonenden hebben bezwaar gemaakt; hun zaak dient in het voorjaar. De uitspraak? Die volgt op zijn vroegst in juni... Tot die tijd wordt er alleen gegraven.",
    "Kijk voor de tekeningen op www.deventer.example.nl of kom langs in het stadhuis, maandag t/m vrijdag van 9.00 tot 17.00 uur. Wie wil reageren, kan een \
     brief sturen t.a.v. de griffie. Alle reacties worden beantwoord, belooft de wethouder. Dat is dit keer wel zo netjes!",
];
