//! The terminal that the board is drawn on: as it was before whatever ends the program, unless
//! that is SIGKILL.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::panic;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use thiserror::Error;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::sleep_until;

use crate::output::render::Page;
use crate::output::terminal::Terminal;
use crate::watch::board::Key;
use crate::watch::draw::Size;
use micheck_core::escape::in_ascii;

/// How often whoever reads keys looks whether it is over.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);

/// How long is waited for whoever reads keys, at the end.
const LAST_LOOK: Duration = Duration::from_millis(500);

/// How often it is looked whether keys can still be read.
const ALIVE_TIMEOUT: Duration = Duration::from_secs(2);

/// The screen of a terminal that doesn't say how large it is.
const DEFAULT_SIZE: (u16, u16) = (80, 24);

/// How many of them are kept.
const MAX_FAULTS: usize = 20;

thread_local! {
    /// Whether this thread has panicked since it was last seen to go on.
    static PANICKED: Cell<bool> = const { Cell::new(false) };
}

/// What faults said while the board covered the screen.
static FAULTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The terminal couldn't be used.
#[derive(Debug, Error)]
#[error("can't draw on the terminal: {0}; try --format jsonl")]
pub struct ScreenError(#[from] io::Error);

/// Something that was typed, or happened to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    Interrupt,
    Resized,
}

/// The terminal, in the board's hands until this is dropped.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal,
    ascii: bool,
    bell: bool,
    size: Size,
    lines: Vec<String>,
    keys: UnboundedReceiver<Input>,
    reader: Option<(Arc<Reading>, JoinHandle<()>)>,
    /// When to look whether keys are still read, and what was seen then.
    look_due: tokio::time::Instant,
    looks_seen: u64,
    seen_still: bool,
}

/// What the board and whoever reads keys for it share.
#[derive(Debug, Default)]
struct Reading {
    /// Nothing more is to be read.
    over: AtomicBool,
    /// Goes up with every look.
    looks: AtomicU64,
}

impl Screen {
    /// Takes the terminal over. `ascii`: no other characters than ASCII's; `bell`: rings.
    ///
    /// # Errors
    /// Standard output is no terminal, or can't be put into the mode that this takes.
    pub fn open(terminal: Terminal, ascii: bool, bell: bool) -> Result<Self, ScreenError> {
        if !io::stdout().is_terminal() {
            return Err(ScreenError(io::Error::other("standard output isn't a terminal")));
        }
        keep_faults();
        enable_raw_mode()?;
        let (tell, keys) = mpsc::unbounded_channel();
        let reading = Arc::new(Reading::default());
        let reader = {
            let reading = Arc::clone(&reading);
            thread::Builder::new().spawn(move || read_keys(&reading, &tell))
        };
        let reader = reader.inspect_err(|_| {
            let _ = disable_raw_mode();
        })?;
        // From here on dropping it puts everything back.
        let mut screen = Self {
            terminal,
            ascii,
            bell,
            size: Size { width: 0, height: 0 },
            lines: Vec::new(),
            keys,
            reader: Some((reading, reader)),
            look_due: tokio::time::Instant::now() + ALIVE_TIMEOUT,
            looks_seen: 0,
            seen_still: false,
        };
        execute!(io::stdout(), EnterAlternateScreen, DisableLineWrap, Hide)?;
        screen.resized()?;
        Ok(screen)
    }

    pub(super) const fn size(&self) -> Size {
        self.size
    }

    /// Takes in that it has another size.
    pub(super) fn resized(&mut self) -> Result<(), ScreenError> {
        let (width, height) = crossterm::terminal::size().unwrap_or(DEFAULT_SIZE);
        // Some terminals say nothing by saying 0.
        let or = |value: u16, usual: u16| usize::from(if value == 0 { usual } else { value });
        self.size = Size { width: or(width, DEFAULT_SIZE.0), height: or(height, DEFAULT_SIZE.1) };
        self.lines.clear();
        execute!(io::stdout(), Clear(ClearType::All))?;
        Ok(())
    }

    /// Shows a page; lines that are the same aren't written again.
    pub(super) fn draw(&mut self, page: &Page) -> Result<(), ScreenError> {
        let mut out = Vec::new();
        for (at, line) in page.lines.iter().enumerate().take(self.size.height) {
            let mut painted = self.terminal.paint_line(line);
            if self.ascii {
                painted = in_ascii(&painted);
            }
            if self.lines.get(at) == Some(&painted) {
                continue;
            }
            let row = u16::try_from(at).unwrap_or(u16::MAX);
            // Cleared first: behind a line that fills the screen the cursor still stands on its last
            // character, which would go, too.
            queue!(out, MoveTo(0, row), Clear(ClearType::UntilNewLine))?;
            out.extend_from_slice(painted.as_bytes());
            if self.lines.len() <= at {
                self.lines.resize_with(at + 1, String::new);
            }
            self.lines[at] = painted;
        }
        let mut stdout = io::stdout().lock();
        stdout.write_all(&out)?;
        stdout.flush()?;
        Ok(())
    }

    pub(super) fn ring(&mut self, times: u8) {
        if self.bell {
            let mut stdout = io::stdout().lock();
            // A terminal that can't be written to can't ring; drawing will say so.
            let _ = stdout.write_all(&vec![b'\x07'; usize::from(times)]);
            let _ = stdout.flush();
        }
    }

    /// What is typed next; `None`: nothing more can be. Waits for ever without a screen.
    pub(super) async fn next_key(screen: &mut Option<Self>) -> Option<Input> {
        // Whoever gets here isn't unwinding.
        PANICKED.set(false);
        let Some(screen) = screen else { return std::future::pending().await };
        loop {
            tokio::select! {
                key = screen.keys.recv() => return key,
                () = sleep_until(screen.look_due) => {
                    let looks = screen.reader.as_ref().map_or(0, |(it, _)| it.looks.load(Relaxed));
                    let still = looks == screen.looks_seen;
                    // A terminal that goes away without a signal leaves crossterm reading for ever
                    // (0.29: what isn't an answer is read again at once). A computer that slept
                    // meanwhile deserves a second look.
                    if still && screen.seen_still {
                        return None;
                    }
                    (screen.looks_seen, screen.seen_still) = (looks, still);
                    screen.look_due = tokio::time::Instant::now() + ALIVE_TIMEOUT;
                }
            }
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some((reading, reader)) = self.reader.take() {
            reading.over.store(true, Relaxed);
            // It ends within `LOOK_INTERVAL`, or else takes what is typed afterwards; unless the terminal is
            // gone.
            let since = Instant::now();
            while !reader.is_finished() && since.elapsed() < LAST_LOOK {
                thread::sleep(Duration::from_millis(5));
            }
        }
        put_back();
        let faults = std::mem::take(&mut *FAULTS.lock().unwrap_or_else(PoisonError::into_inner));
        for fault in faults {
            let _ = writeln!(io::stderr(), "{fault}");
        }
    }
}

/// Puts the terminal back as it was. Nothing can be done when that fails.
fn put_back() {
    let _ = execute!(io::stdout(), EnableLineWrap, Show, LeaveAlternateScreen);
    let _ = disable_raw_mode();
}

/// Keeps what faults say until the board no longer covers the screen. One in a phone's task costs
/// that phone only, so that the board stays.
fn keep_faults() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |fault| {
        let covered = crossterm::terminal::is_raw_mode_enabled().unwrap_or(false);
        if !covered {
            usual(fault);
            return;
        }
        let mut faults = FAULTS.lock().unwrap_or_else(PoisonError::into_inner);
        if faults.len() < MAX_FAULTS {
            faults.push(fault.to_string());
        }
        drop(faults);
        let in_another = PANICKED.replace(true);
        if in_another {
            // In dropping what the first one leaves: the program is about to be aborted, and nothing
            // more will be dropped.
            put_back();
            usual(fault);
        }
    }));
}

fn read_keys(reading: &Reading, tell: &mpsc::UnboundedSender<Input>) {
    while !reading.over.load(Relaxed) {
        reading.looks.fetch_add(1, Relaxed);
        match crossterm::event::poll(LOOK_INTERVAL) {
            Ok(false) => continue,
            Ok(true) => {}
            Err(_) => return,
        }
        let Ok(event) = crossterm::event::read() else { return };
        if let Some(input) = input(&event)
            && tell.send(input).is_err()
        {
            return;
        }
    }
}

/// What an event of the terminal means here; `None`: nothing.
fn input(event: &Event) -> Option<Input> {
    match event {
        Event::Resize(..) => Some(Input::Resized),
        Event::Key(KeyEvent { kind: KeyEventKind::Release, .. }) => None,
        Event::Key(key) => of_key(*key),
        _ => None,
    }
}

fn of_key(KeyEvent { code, modifiers, .. }: KeyEvent) -> Option<Input> {
    let control = modifiers.contains(KeyModifiers::CONTROL);
    let key = match code {
        KeyCode::Char('c' | 'd') if control => return Some(Input::Interrupt),
        // AltGr comes as both on Windows.
        KeyCode::Char(_) if control && !modifiers.contains(KeyModifiers::ALT) => return None,
        KeyCode::Char(sign) => Key::Character(sign),
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Enter => Key::Enter,
        KeyCode::Tab => Key::Tab,
        KeyCode::Esc => Key::Escape,
        KeyCode::Backspace => Key::Backspace,
        _ => return None,
    };
    Some(Input::Key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_mean_what_people_expect() {
        let press = |code, modifiers| of_key(KeyEvent::new(code, modifiers));
        let none = KeyModifiers::NONE;
        assert_eq!(press(KeyCode::Char('q'), none), Some(Input::Key(Key::Character('q'))));
        assert_eq!(press(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Input::Interrupt));
        assert_eq!(press(KeyCode::Char('r'), KeyModifiers::CONTROL), None);
        let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
        assert_eq!(press(KeyCode::Char('@'), alt_gr), Some(Input::Key(Key::Character('@'))));
        assert_eq!(press(KeyCode::F(1), none), None);
        assert_eq!(input(&Event::Resize(1, 1)), Some(Input::Resized));
    }
}
