//! The model in plain English: the sentences that the contract, the alerts and the findings share, so that they never
//! say different things.
