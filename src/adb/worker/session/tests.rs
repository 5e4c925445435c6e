//! Sessions against a phone that is a list of messages.
