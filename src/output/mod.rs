//! What people and programs get: renderers, the terminal, and files that are whole or not there.

pub mod file;
pub mod render;
pub mod terminal;
