//! Serial numbers in a report as others may see them.

use super::{Connection, DeviceReport, LinkKind};
use crate::report::serial::{END_CHARS, Redaction, SerialForm, number};
use micheck_core::identity::is_dummy;

impl Redaction {
    /// Shows the serial number of a connection so, and in what was said of it, too. One that isn't
    /// there in full stays as it is.
    pub fn apply<'t>(
        &self,
        connection: &mut Connection,
        said: impl IntoIterator<Item = &'t mut String>,
    ) {
        if connection.serial_form != SerialForm::Full || *self == Self::Full {
            return;
        }
        if let Some(serial) = &mut connection.serial {
            let shown = self.shown(serial);
            for text in said {
                *text = without(text, serial, &shown);
            }
            if let Some(state) = &mut connection.state {
                *state = without(state, serial, &shown);
            }
            *serial = shown;
        }
        connection.serial_form = self.form();
    }

    /// Shows the serial number of a phone so.
    pub fn apply_to(&self, device: &mut DeviceReport) {
        let said = device.requests.iter_mut().filter_map(|request| request.said.as_mut());
        self.apply(&mut device.connection, said.chain(device.detail.as_mut()));
    }
}

/// `text` without a serial number in full.
fn without(text: &str, serial: &str, shown: &str) -> String {
    let mut text = text.to_owned();
    for hidden in [serial, number(serial)] {
        // Shorter ones would be found in any word.
        if hidden.len() >= END_CHARS {
            text = text.replace(hidden, shown);
        }
    }
    text
}

/// The serial number of a connection, if it tells its phone from others for good: an address doesn't,
/// nor does a number that many phones have.
#[must_use]
pub fn lasting_serial(connection: &Connection) -> Option<&str> {
    let serial = connection.serial.as_deref().filter(|_| !is_address(connection))?;
    let number = number(serial);
    (!is_dummy(number.as_bytes())).then_some(number)
}

/// Whether it is the address of a phone on the network.
#[must_use]
pub fn is_address(connection: &Connection) -> bool {
    connection.link == LinkKind::Network
        || connection.serial.as_deref().is_some_and(|serial| serial.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use micheck_core::identity::{SALT_BYTES, Salt};

    fn connection(serial: &str) -> Connection {
        Connection { serial: Some(serial.to_owned()), ..Connection::of_link(LinkKind::AdbServer) }
    }

    #[test]
    fn what_was_said_of_a_phone_doesnt_give_its_number_away() {
        let mut phone = connection("a1b2c3d4");
        let mut detail = "device 'a1b2c3d4' not found".to_owned();
        Redaction::Hashed(Salt::new([1; SALT_BYTES])).apply(&mut phone, Some(&mut detail));
        let shown = phone.serial.clone().unwrap();
        assert_eq!(detail, format!("device '{shown}' not found"));
        assert_eq!(phone.serial_form, SerialForm::Hashed);
        // Once is enough.
        Redaction::End.apply(&mut phone, None);
        assert_eq!((phone.serial.unwrap(), phone.serial_form), (shown, SerialForm::Hashed));
    }
}
