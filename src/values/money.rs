//! Amounts of money, each in one currency of ISO 4217.

use std::fmt;

use super::exact::Exact;
use super::rounding::Rounding;

/// A currency of ISO 4217.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// The currency with this code, in capitals: `EUR`.
    pub fn parse(code: &str) -> Option<Currency> {
        iso_currency::Currency::from_code(code).map(Currency)
    }

    /// The code of three letters.
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// How many decimal places the currency has: 2 for EUR, 0 for JPY; 0 too where ISO 4217 gives none.
    pub fn minor_units(&self) -> u8 {
        self.0.exponent().and_then(|places| u8::try_from(places).ok()).unwrap_or(0)
    }

    /// The English name.
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An exact amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// How much, in major units; need not be a whole number of minor units.
    pub amount: Exact,
    /// In which currency.
    pub currency: Currency,
}

impl Money {
    /// An amount in a currency.
    pub fn new(amount: Exact, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// The smallest amount that can be paid: `0.01` for EUR.
    pub fn minor_unit(currency: Currency) -> Exact {
        (0..currency.minor_units())
            .fold(Exact::one(), |unit, _| unit.checked_div(&Exact::from_int(10)).unwrap_or_default())
    }

    /// The amount rounded to the minor unit.
    pub fn rounded(&self, mode: Rounding) -> Money {
        Money::new(self.amount.round_to(&Money::minor_unit(self.currency), mode), self.currency)
    }

    /// For prose: `EUR 4,200.00`.
    pub fn prose(&self) -> String {
        match self.places() {
            Some(places) => format!("{} {}", self.currency, self.amount.group_thousands(places)),
            None => format!("{} {}", self.currency, self.amount),
        }
    }

    /// The places to print: the currency's, or more where the amount needs them; nothing when it does not end.
    fn places(&self) -> Option<usize> {
        Some(self.amount.decimal_places()?.max(self.currency.minor_units().into()))
    }
}

impl fmt::Display for Money {
    /// As a file writes it: `4200.00 EUR`; an amount that does not end prints as a fraction.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.places() {
            Some(places) => write!(f, "{} {}", self.amount.to_fixed(places), self.currency),
            None => write!(f, "{} {}", self.amount, self.currency),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: Exact, code: &str) -> Money {
        Money::new(amount, Currency::parse(code).unwrap())
    }

    #[test]
    fn money_prints_its_minor_units_and_more_if_it_must() {
        let number = |text: &str| Exact::parse_decimal(text).unwrap();
        assert_eq!(money(number("4200"), "EUR").to_string(), "4200.00 EUR");
        assert_eq!(money(number("4200"), "EUR").prose(), "EUR 4,200.00");
        assert_eq!(money(number("0.005"), "EUR").to_string(), "0.005 EUR");
        assert_eq!(money(number("18500"), "JPY").prose(), "JPY 18,500");
        assert_eq!(money(number("1.5"), "KWD").to_string(), "1.500 KWD");
        let third = money(Exact::ratio(100, 3).unwrap(), "EUR");
        assert_eq!(third.to_string(), "100/3 EUR");
        assert_eq!(third.rounded(Rounding::HalfEven).to_string(), "33.33 EUR");
        assert_eq!(third.rounded(Rounding::Up).to_string(), "33.34 EUR");
        assert_eq!(money(number("2.345"), "EUR").rounded(Rounding::HalfEven).to_string(), "2.34 EUR");
    }

    #[test]
    fn only_iso_codes_are_currencies() {
        assert_eq!(Currency::parse("EUR").map(|c| c.minor_units()), Some(2));
        assert!(["eur", "EURO", "XYZ", "", "€"].iter().all(|code| Currency::parse(code).is_none()));
    }
}
