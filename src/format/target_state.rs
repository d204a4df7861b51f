//! What the states of other tools mean here, by name. `docs/exchange.md` has the tables.

use crate::bitext::{Origin, State, Text};

/// Name of the origin of a target that a machine made, where the file does not name the machine.
const MACHINE: &str = "mt";

/// What a file says of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TargetState {
    /// How far the unit has come.
    pub state: State,
    /// Where the target came from, if the file says so.
    pub origin: Option<Origin>,
}

impl TargetState {
    fn new(state: State) -> Self {
        Self {
            state,
            origin: None,
        }
    }

    fn by_machine(state: State) -> Self {
        Self {
            state,
            origin: Some(Origin::Engine(MACHINE.into())),
        }
    }

    /// The state of a file that overzet wrote: a copied number is as good as translated.
    #[must_use]
    pub(super) fn kept_as_written(mut self, origin: Option<&Origin>, is_translated: bool) -> Self {
        if origin.is_some() && is_translated && self.state == State::NeedsReview {
            self.state = State::Translated;
        }
        self
    }

    /// This state for a target with this text: without one nothing is translated, and a copy of
    /// the source that nobody approved is not a translation.
    ///
    /// `is_untouched` says that the state stands for work that has not begun.
    fn of(mut self, source: &Text, target: &Text, is_untouched: bool) -> Self {
        let is_copy = target.plain == source.plain;
        if target.plain.trim().is_empty() || (is_untouched && is_copy) {
            return Self::new(State::Untranslated);
        }
        let counts = matches!(self.state, State::Translated | State::Untranslated);
        if counts && (is_untouched || (is_copy && self.origin.is_none())) {
            self.state = State::NeedsReview;
        }
        self
    }
}

/// The state of an XLIFF 1.2 target. OASIS, XLIFF 1.2, `state` and `state-qualifier`.
pub(super) fn of_xliff1(
    is_approved: bool,
    state: Option<&str>,
    qualifier: Option<&str>,
    source: &Text,
    target: &Text,
) -> TargetState {
    let mut is_untouched = false;
    let named = match state {
        _ if is_approved => State::Approved,
        Some("final" | "signed-off") => State::Approved,
        Some("new" | "needs-translation" | "needs-l10n" | "needs-adaptation") => {
            is_untouched = true;
            State::Untranslated
        }
        Some(state) if state.starts_with("needs-") => State::NeedsReview,
        _ => State::Translated,
    };
    let own = match qualifier {
        Some("mt-suggestion" | "leveraged-mt") => TargetState::by_machine(named),
        Some("exact-match" | "id-match" | "leveraged-tm" | "leveraged-inherited") => TargetState {
            state: named,
            origin: Some(Origin::Memory(100)),
        },
        Some("fuzzy-match" | "tm-suggestion") if named == State::Translated => {
            TargetState::new(State::NeedsReview)
        }
        _ => TargetState::new(named),
    };
    own.of(source, target, is_untouched)
}

/// The state of an XLIFF 2 segment; without one it is `initial`.
pub(super) fn of_xliff2(
    state: Option<&str>,
    sub_state: Option<&str>,
    source: &Text,
    target: &Text,
) -> TargetState {
    let is_copy = target.plain == source.plain;
    let is_untouched = state == Some("initial") || (state.is_none() && is_copy);
    let sub_state = sub_state.map(|sub| sub.rsplit_once(':').map_or(sub, |(_, name)| name));
    let named = match (state, sub_state) {
        (Some("final" | "reviewed"), _) => State::Approved,
        (_, Some("needs-review")) => State::NeedsReview,
        _ => State::Translated,
    };
    let own = match sub_state {
        Some("mt" | "mt-suggestion" | "machine-translated") => TargetState::by_machine(named),
        _ => TargetState::new(named),
    };
    own.of(source, target, is_untouched)
}

/// The state of a segment of SDLXLIFF: `conf` and `origin` of its `sdl:seg`.
pub(super) fn of_sdl(
    confirmation: Option<&str>,
    origin: Option<&str>,
    source: &Text,
    target: &Text,
) -> TargetState {
    let is_untouched = matches!(confirmation, None | Some("Unspecified"));
    let named = match confirmation {
        Some("ApprovedTranslation" | "ApprovedSignOff") => State::Approved,
        Some("Translated") => State::Translated,
        _ => State::NeedsReview,
    };
    let own = match origin {
        Some("mt" | "amt" | "nmt") => TargetState::by_machine(named),
        _ => TargetState::new(named),
    };
    own.of(source, target, is_untouched)
}

/// The state of a unit of MQXLIFF: `mq:status`.
pub(super) fn of_memoq(status: &str, source: &Text, target: &Text) -> TargetState {
    let own = match status {
        "Proofread" | "Reviewer1Confirmed" | "ConfirmedByReviewer" => {
            TargetState::new(State::Approved)
        }
        "ManuallyConfirmed" => TargetState::new(State::Translated),
        "MachineTranslated" => TargetState::by_machine(State::NeedsReview),
        _ => TargetState::new(State::NeedsReview),
    };
    own.of(source, target, status == "NotStarted")
}

/// The name that a state gets in XLIFF 1.2.
pub(super) const fn xliff1_name(state: State) -> &'static str {
    match state {
        State::Translated => "translated",
        State::NeedsReview => "needs-review-translation",
        State::Untranslated => "needs-translation",
        State::Approved | State::Omitted => "final",
    }
}

/// The names that a state gets in XLIFF 2: state and sub-state.
pub(super) const fn xliff2_names(state: State) -> (&'static str, Option<&'static str>) {
    match state {
        State::Untranslated => ("initial", None),
        State::Translated => ("translated", None),
        State::NeedsReview => ("translated", Some("overzet:needs-review")),
        State::Approved | State::Omitted => ("final", None),
    }
}

/// The confirmation level that a state gets in SDLXLIFF.
pub(super) const fn sdl_name(state: State) -> &'static str {
    match state {
        State::Untranslated | State::NeedsReview => "Draft",
        State::Translated => "Translated",
        State::Approved | State::Omitted => "ApprovedTranslation",
    }
}

/// The status that a state gets in MQXLIFF.
pub(super) const fn memoq_name(state: State) -> &'static str {
    match state {
        State::Untranslated => "NotStarted",
        State::NeedsReview => "PartiallyEdited",
        State::Translated => "ManuallyConfirmed",
        State::Approved | State::Omitted => "Proofread",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_xliff1_are_read_by_name() {
        let source = Text::from("De bus is laat.");
        for (state, qualifier, target, wanted) in [
            (None, None, "The bus is late.", State::Translated),
            (None, None, "De bus is laat.", State::NeedsReview),
            (
                Some("translated"),
                None,
                "De bus is laat.",
                State::NeedsReview,
            ),
            (Some("final"), None, "De bus is laat.", State::Approved),
            (Some("new"), None, "De bus is laat.", State::Untranslated),
            (Some("new"), None, "The bus is late.", State::NeedsReview),
            (Some("needs-l10n"), None, "The bus", State::NeedsReview),
            (
                Some("needs-review-l10n"),
                None,
                "The bus",
                State::NeedsReview,
            ),
            (
                Some("signed-off"),
                None,
                "The bus is late.",
                State::Approved,
            ),
            (Some("translated"), None, " ", State::Untranslated),
            (Some("x-own"), None, "The bus", State::Translated),
            (
                Some("translated"),
                Some("fuzzy-match"),
                "The bus",
                State::NeedsReview,
            ),
        ] {
            let found = of_xliff1(false, state, qualifier, &source, &target.into());
            assert_eq!(found.state, wanted, "{state:?} {qualifier:?} {target}");
        }
        let machine = of_xliff1(
            false,
            Some("translated"),
            Some("mt-suggestion"),
            &source,
            &"The bus is late.".into(),
        );
        assert_eq!(machine, TargetState::by_machine(State::Translated));
        let approved = of_xliff1(true, Some("new"), None, &source, &source);
        assert_eq!(approved.state, State::Approved);
    }

    #[test]
    fn states_of_other_tools_are_read_by_name() {
        let (source, target) = (Text::from("De bus."), Text::from("The bus."));
        for (state, sub, text, wanted) in [
            (None, None, &target, State::Translated),
            (None, None, &source, State::Untranslated),
            (Some("initial"), None, &source, State::Untranslated),
            (Some("initial"), None, &target, State::NeedsReview),
            (Some("reviewed"), None, &target, State::Approved),
            (
                Some("translated"),
                Some("overzet:needs-review"),
                &target,
                State::NeedsReview,
            ),
            (Some("translated"), None, &source, State::NeedsReview),
        ] {
            assert_eq!(
                of_xliff2(state, sub, &source, text).state,
                wanted,
                "{state:?}"
            );
        }
        for (level, text, wanted) in [
            (None, &source, State::Untranslated),
            (Some("Draft"), &target, State::NeedsReview),
            (Some("Translated"), &target, State::Translated),
            (Some("RejectedTranslation"), &target, State::NeedsReview),
            (Some("ApprovedSignOff"), &target, State::Approved),
        ] {
            assert_eq!(
                of_sdl(level, None, &source, text).state,
                wanted,
                "{level:?}"
            );
        }
        let machine = of_sdl(Some("Translated"), Some("nmt"), &source, &target);
        assert_eq!(machine, TargetState::by_machine(State::Translated));
        for (status, wanted) in [
            ("NotStarted", State::NeedsReview),
            ("ManuallyConfirmed", State::Translated),
            ("MachineTranslated", State::NeedsReview),
            ("Proofread", State::Approved),
        ] {
            assert_eq!(of_memoq(status, &source, &target).state, wanted, "{status}");
        }
    }
}
