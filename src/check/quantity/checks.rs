//! The five checks that compare quantities: numbers, dates, times, units and money.
//!
//! What has no equal on the other side is looked at again under the transformations that are right
//! (a percentage for a fraction, a converted unit); what is left is reported.

use crate::bitext::Finding;
use crate::check::contract::{Check, CheckedPair};
use crate::check::example::{Example, bad, good};

/// One of the five checks that compare quantities, by name.
pub struct QuantityCheck(pub &'static str);

impl Check for QuantityCheck {
    fn name(&self) -> &'static str {
        self.0
    }

    fn summary(&self) -> &'static str {
        match self.0 {
            "numbers" => "a number has no equal on the other side",
            "dates" => "a day, month, year or weekday changed",
            "times" => "a time of the clock changed",
            "units" => "a unit changed, or a value was converted",
            _ => "a currency or a scale of money changed",
        }
    }

    fn reason(&self) -> &'static str {
        match self.0 {
            "numbers" => {
                "Values are compared, not strings: 1.300 and 1,300, 3 and three, 2 miljard and 2 \
                 billion are equal; a Dutch separator left in English changes the value. The \
                 numbers 0 and 1 in words never raise an alarm."
            }
            "dates" => {
                "04-10-2023 is 4 October; April 10 is wrong though the digits agree. Weekdays and \
                 months must keep their value."
            }
            "times" => {
                "Half acht is 7:30, 19.30 uur is 7:30 p.m. A 12-hour time without a.m. or p.m. \
                 agrees with both."
            }
            "units" => {
                "12 kilometer is not 12 miles. A correct conversion is a warning: an editor must \
                 know."
            }
            _ => "25 euro is not $25, and 3 miljard is not 3 trillion.",
        }
    }

    fn examples(&self) -> &'static [Example] {
        match self.0 {
            "numbers" => {
                const {
                    &[
                        bad(
                            "Er liepen 212 mensen mee.",
                            "A total of 221 people took part.",
                        ),
                        bad("Het water steeg 0,8 meter.", "The water rose 0,8 meters."),
                        bad("Honderden mensen kwamen.", "Thousands of people came."),
                        good("Ongeveer 1.300 huizen.", "About 1,300 homes."),
                        good("Veertien huizen brandden af.", "14 houses burned down."),
                    ]
                }
            }
            "dates" => {
                const {
                    &[
                        bad(
                            "Op 04-10-2023 ging de fabriek dicht.",
                            "The plant closed on April 10, 2023.",
                        ),
                        bad(
                            "Ze vergaderen dinsdag weer.",
                            "They meet again on Thursday.",
                        ),
                        good(
                            "Op 05-11-2023 werd het lek gedicht.",
                            "The leak was sealed on Nov. 5, 2023.",
                        ),
                    ]
                }
            }
            "times" => {
                const {
                    &[
                        bad(
                            "De trein vertrekt om half negen.",
                            "The train leaves at half past nine.",
                        ),
                        good(
                            "De winkel sluit om half acht 's avonds.",
                            "The shop closes at 7:30 p.m.",
                        ),
                    ]
                }
            }
            "units" => {
                const {
                    &[
                        bad(
                            "De tunnel is 12 kilometer lang.",
                            "The tunnel is 12 miles long.",
                        ),
                        bad(
                            "De bestuurder reed 160 km/u.",
                            "The driver was doing 100 mph.",
                        ),
                        good(
                            "Het land is 500 vierkante mijl groot.",
                            "The land covers 500 square miles.",
                        ),
                    ]
                }
            }
            _ => {
                const {
                    &[
                        bad("Een kaartje kost 25 euro.", "A ticket costs $25."),
                        bad(
                            "De renovatie kost 3 miljard euro.",
                            "The renovation costs 3 trillion euros.",
                        ),
                        good(
                            "De boete bedroeg € 1,5 miljoen.",
                            "The fine was €1.5 million.",
                        ),
                    ]
                }
            }
        }
    }

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
        pair.quantities()
            .iter()
            .filter(|f| f.check == self.0)
            .cloned()
            .collect()
    }
}
