//! The mark of a draft, the same in every file that is made of it.

use crate::model::{Model, Status};

/// The mark of a text that binds nobody, as a word and a sentence; nothing for one that is agreed.
pub fn draft(model: &Model) -> Option<(&'static str, String)> {
    if !model.is_draft() {
        return None;
    }
    let status = model.agreement.status.as_ref().map(|status| status.value);
    let word = if status == Some(Status::Proposed) { "DRAFT FOR DISCUSSION." } else { "DRAFT." };
    let open = match model.open_points() {
        0 => String::new(),
        1 => " 1 point is open.".to_owned(),
        many => format!(" {many} points are open."),
    };
    Some((word, format!("It binds nobody.{open}")))
}
