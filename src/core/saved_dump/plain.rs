//! Reading a text without frames: listings and dumps, and what people write between them.

use super::dump::{self, Dump};
use super::frame::{Frame, ReportSection};
use super::frames::Frames;
use super::listing::{self, Listing};
use super::{DumpScanner, Place};
use crate::verdict::Reason;

impl<'a> DumpScanner<'a> {
    /// The same in a text that no frames hold together.
    pub(super) fn plain_frame(&mut self, frame: Frame<'_>) -> bool {
        let is_bound = match frame {
            Frame::Title(title) => ReportSection::of_title(title) != ReportSection::Free,
            Frame::Service(..) | Frame::ServiceEnd { .. } => true,
            _ => false,
        };
        let before = self.texts.last_mut().and_then(|text| text.frames.as_mut());
        if let (true, true, Some(before)) = (self.found.is_behind, is_bound, before) {
            // What ended the framed text was forged.
            before.breaks(Reason::AmbiguousDump);
            return false;
        }
        let in_service = matches!(&self.place, Place::Dump(dump) if dump.is_service);
        match frame {
            Frame::List => {
                self.begin_framed(Frames::of_dumpsys());
                self.place = Place::Services;
            }
            Frame::Title(_) if is_bound => {
                // Its beginning is lost.
                let mut frames = Frames::default();
                frames.breaks(Reason::IncompleteAnswer);
                self.begin_framed(frames);
                return self.frame(frame);
            }
            // So does `pm dump`.
            Frame::Service(ReportSection::Normal, b"package") => {
                self.end_place(false);
                self.place = Place::service(self.packages);
            }
            Frame::Service(..) if in_service => {
                if let Place::Dump(dump) = &mut self.place {
                    dump.reader.end_block();
                }
                self.end_place(false);
            }
            Frame::ServiceEnd { .. } => {
                self.found.is_excerpt = true;
                if !in_service {
                    return false;
                }
                self.end_place(false);
            }
            _ => return false,
        }
        true
    }

    /// A framed text begins; a property listing alone before it is its phone's.
    fn begin_framed(&mut self, mut frames: Frames) {
        self.end_place(false);
        let has_dump = self.found.dumps().next().is_some();
        if has_dump || self.found.items.len() > 1 {
            self.end_text();
            if !has_dump {
                // Which of them is this phone's, nothing says.
                frames.breaks(Reason::AmbiguousDump);
            }
        }
        self.found.frames = Some(frames);
    }

    pub(super) fn plain_line(&mut self, line: &[u8]) {
        let line = listing::unmoved(line);
        match &mut self.place {
            Place::Listing(listing) => {
                if listing.is_ended_by(line) {
                    self.end_place(false);
                    return self.open_line(line);
                }
                let Some(before) = listing.line(line) else { return };
                for line in &before {
                    self.foreign_line(line);
                }
                self.foreign_line(line);
            }
            Place::Dump(dump) => {
                if listing::is_entry(line) {
                    self.end_place(false);
                    self.open_line(line);
                } else if dump.is_ended_by(line) {
                    let next = dump.next(self.packages, line);
                    self.end_place(false);
                    self.begin_dump(next, line);
                } else {
                    dump.line(line);
                }
            }
            _ => self.open_line(line),
        }
    }

    /// A line that isn't the listing's in which it stands: nothing, unless a dump begins.
    fn foreign_line(&mut self, line: &[u8]) {
        match &mut self.place {
            Place::Listing(_) if !dump::begins_dump(line) => {}
            Place::Listing(_) => {
                self.end_place(false);
                self.open_line(line);
            }
            _ => self.plain_line(line),
        }
    }

    /// A line that may begin anything.
    fn open_line(&mut self, line: &[u8]) {
        if listing::is_entry(line) {
            let mut listing = Listing::default();
            listing.line(line);
            self.place = Place::Listing(listing);
        } else if dump::begins_dump(line) {
            self.begin_dump(Dump::plain(self.packages), line);
        }
    }

    fn begin_dump(&mut self, mut dump: Dump<'a>, line: &[u8]) {
        dump.line(line);
        self.place = Place::Dump(Box::new(dump));
    }
}
