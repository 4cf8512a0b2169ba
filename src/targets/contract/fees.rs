//! For which periods the fees are meant that credits and caps are parts of.

use crate::model::{FeeRef, Model};
use crate::values::Window;
use crate::wording::{is_plural, label, listed, titled, window_name};

/// The window over which a service level is judged, as the contract calls it.
pub const MEASURED: &str = "measurement period";
/// The window of a cap, as the contract calls it.
pub const CAPPED: &str = "period of the cap";

/// What is said of the fees whose periods are not the window in which they are used. `whose` names that window.
pub fn other_periods(model: &Model, fees: Vec<FeeRef<'_>>, window: Option<&Window>, whose: &str) -> Vec<String> {
    let Some(window) = window else { return Vec::new() };
    let one = |(name, _): FeeRef<'_>| {
        let title = titled(model, &label(&model.fees.get(name)?.head));
        let periods = model.other_periods(name, window)?;
        let are = if is_plural(&title) { "are" } else { "is" };
        let start = super::levels::capital(&title);
        Some(format!("{start} {are} taken for {}", last_of(&periods, whose)))
    };
    fees.into_iter().filter_map(one).collect()
}

/// The fee periods in which a window ends, and that they differ from it.
pub fn last_of(periods: &[&Window], whose: &str) -> String {
    let names: Vec<String> = periods.iter().map(|period| format!("the {}", window_name(period))).collect();
    let (contain, which) = match names.len() {
        1 => ("contains", "That fee period differs"),
        _ => ("contain", "At least one of those fee periods differs"),
    };
    format!("{} that {contain} the last instant of the {whose}. {which} from the {whose}.", listed(&names, "and"))
}
