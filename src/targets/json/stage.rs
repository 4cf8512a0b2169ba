//! When rules that compute money are executed: the order of the language's reference.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// The amounts of the commitments.
pub const CREDIT: u8 = 1;
/// What was not claimed lapses.
pub const CLAIM: u8 = 2;
/// Limits of one commitment.
pub const COMMITMENT_CAP: u8 = 3;
/// Only the largest of several counts.
pub const COMBINATION: u8 = 4;
/// Limits of the credits of several commitments together.
pub const AGREEMENT_CAP: u8 = 5;
/// What is too small to pay.
pub const SKIP: u8 = 6;
/// The one rounding.
pub const ROUNDING: u8 = 7;

/// What is set off against invoices.
pub const SET_OFF: u8 = 8;

/// The stage of a rule of which there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage<const N: u8>;

/// The stage of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapStage {
    /// Of one commitment.
    Commitment,
    /// Of the credits of several commitments together.
    Agreement,
}

impl CapStage {
    fn number(self) -> u8 {
        match self {
            CapStage::Commitment => COMMITMENT_CAP,
            CapStage::Agreement => AGREEMENT_CAP,
        }
    }
}

impl<const N: u8> Serialize for Stage<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(N)
    }
}

impl Serialize for CapStage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(self.number())
    }
}

impl<const N: u8> JsonSchema for Stage<N> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Owned(format!("Stage{N}"))
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "const": N })
    }
}

impl JsonSchema for CapStage {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("CapStage")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "enum": [COMMITMENT_CAP, AGREEMENT_CAP] })
    }
}
