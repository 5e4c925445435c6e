//! Phones that come and go at two adb servers, and what must be told of each: plugs them in, follows
//! the events, unplugs them when they have had what they came for.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use micheck_simulator::Phone;

use super::cast::{FAULTS, Part, Step, Visit};
use super::place::Place;
use super::random::Random;
use super::reader::Told;

/// After so long nothing comes any more: a guard, not a measurement.
pub(crate) const HANGS_AFTER: Duration = Duration::from_secs(60);

/// No more than so many are plugged in at a time.
const MOST: usize = 40;

/// How many phones may leave while one is away that must be known again: micheck remembers 1,000.
const SURELY_REMEMBERED: u64 = 900;

/// The server that is killed.
const MORTAL: usize = 1;

/// The two servers, and the phones that are at them or will be.
pub(crate) struct Traffic {
    pub(crate) random: Random,
    pub(crate) counts: Counts,
    pub(crate) places: [Place; 2],
    actors: BTreeMap<String, Actor>,
    /// Every connection of which there may still be something to tell.
    seats: HashMap<(usize, u64), Seat>,
    /// micheck's numbers of the phones that have come, and whose each is.
    numbers: HashMap<String, u64>,
    owners: HashMap<u64, String>,
    mortal: Mortal,
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// How often a phone was plugged in.
    pub(crate) cycles: u64,
    /// How many phones there were, each counted once.
    pub(crate) phones: u64,
    pub(crate) verdicts: u64,
    /// Verdicts that came only after a timeout of a phone that is well.
    pub(crate) late: u64,
    pub(crate) kills: u64,
    left: u64,
}

/// How the server that is killed stands.
enum Mortal {
    Up,
    /// `told`: micheck knows.
    Down {
        since: Instant,
        for_: Duration,
        told: bool,
    },
    /// Started, and micheck hasn't told that it is back.
    Back {
        since: Instant,
    },
}

struct Actor {
    part: Part,
    place: usize,
    due: Instant,
    left_at: u64,
    on: Option<On>,
}

/// A phone that is plugged in.
struct On {
    transport: u64,
    port: String,
    step_since: Instant,
    verdicts: VecDeque<String>,
    visit: Visit,
}

/// A connection, from plugging in until it is told that it has ended.
struct Seat {
    serial: String,
    seen: bool,
    truth: Vec<&'static str>,
}

type Right = Result<(), String>;

impl Traffic {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            random,
            counts: Counts::default(),
            places: [Place::lasting(), Place::mortal()],
            actors: BTreeMap::new(),
            seats: HashMap::new(),
            numbers: HashMap::new(),
            owners: HashMap::new(),
            mortal: Mortal::Up,
        }
    }

    pub(crate) fn plugged_in(&self) -> usize {
        self.actors.values().filter(|actor| actor.on.is_some()).count()
    }

    /// Whether both servers run, as far as micheck knows.
    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.mortal, Mortal::Up)
    }

    /// Plugs in the phone that is due, else a new one: of every kind, or one that is only asked.
    pub(crate) fn plug_one(&mut self, every_kind: bool) {
        if self.plugged_in() >= MOST {
            return;
        }
        let now = Instant::now();
        let due = self.actors.iter().filter(|(_, actor)| {
            actor.on.is_none() && actor.due <= now && self.places[actor.place].is_up()
        });
        let due = due.min_by_key(|(_, actor)| actor.due).map(|(serial, _)| serial.clone());
        let serial = due.unwrap_or_else(|| {
            let serial = format!("SOAK{:06}", self.counts.phones);
            let part = if every_kind {
                Part::any(&serial, &mut self.random)
            } else {
                Part::plain(&serial, &mut self.random)
            };
            let at_mortal = self.places[MORTAL].is_up() && self.random.percent(20);
            self.engage(serial.clone(), part, if at_mortal { MORTAL } else { 0 });
            serial
        });
        self.plug(&serial);
    }

    /// One that is only asked, at each server: what comes of it is told after all that was before.
    pub(crate) fn plug_last_ones(&mut self) {
        for place in 0..self.places.len() {
            let serial = format!("SOAK{:06}", self.counts.phones);
            let part = Part::plain(&serial, &mut self.random);
            self.engage(serial.clone(), part, place);
            self.plug(&serial);
        }
    }

    /// One with each fault, at once.
    pub(crate) fn plug_sick_ones(&mut self) {
        for fault in 0..FAULTS {
            let serial = format!("SOAK{:06}", self.counts.phones);
            let part = Part::sick(&serial, fault, &mut self.random);
            self.engage(serial.clone(), part, 0);
            self.plug(&serial);
        }
    }

    fn engage(&mut self, serial: String, part: Part, place: usize) {
        self.counts.phones += 1;
        let actor = Actor { part, place, due: Instant::now(), left_at: self.counts.left, on: None };
        self.actors.insert(serial, actor);
    }

    fn plug(&mut self, serial: &str) {
        let actor = self.actors.get_mut(serial).expect("it was engaged");
        let place = &mut self.places[actor.place];
        let visit = actor.part.visits.pop_front().expect("it has something to do");
        let (port, transport) = place.take_port();
        let phone = actor.part.phone.clone();
        let phone = if actor.part.on_network { phone.network() } else { phone.usb(&port) };
        let seat = Seat { serial: serial.to_owned(), seen: false, truth: visit.truth.clone() };
        self.seats.insert((actor.place, transport), seat);
        place.controls().plug(phone);
        let step_since = Instant::now();
        actor.on = Some(On { transport, port, step_since, verdicts: VecDeque::new(), visit });
        self.counts.cycles += 1;
    }

    /// Lets each phone do what is its turn.
    pub(crate) fn go_on(&mut self) -> Right {
        let serials: Vec<String> = self.actors.keys().cloned().collect();
        for serial in serials {
            if self.act(&serial)? {
                self.leave(&serial);
            }
        }
        self.restart_server()
    }

    /// Whether it is done.
    fn act(&mut self, serial: &str) -> Result<bool, String> {
        let actor = self.actors.get_mut(serial).expect("it is there");
        let Some(on) = &mut actor.on else { return Ok(false) };
        let controls = self.places[actor.place].controls();
        loop {
            let Some(step) = on.visit.steps.front() else { return Ok(true) };
            let done = match step {
                Step::Stay(time) => on.step_since.elapsed() >= *time,
                Step::State(state) => controls.set_state(serial, state),
                Step::Become(phone, verdict) => {
                    let seat = self.seats.get_mut(&(actor.place, on.transport));
                    seat.ok_or("it is gone before it was unplugged")?.truth.push(*verdict);
                    controls.replace(serial, Phone::clone(phone))
                }
                Step::Next(expected) => match on.verdicts.pop_front() {
                    None => false,
                    Some(verdict) if expected.contains(&verdict.as_str()) => true,
                    // The machine may be slow; then it is asked again.
                    Some(verdict) if verdict == "unknown:timeout" => {
                        self.counts.late += 1;
                        continue;
                    }
                    Some(verdict) => {
                        return Err(format!("{serial} is {verdict}, not one of {expected:?}"));
                    }
                },
                Step::AtLast(expected) => match on.verdicts.pop_front() {
                    None => false,
                    Some(verdict) if verdict == *expected => true,
                    Some(verdict) if verdict.starts_with("unknown") => continue,
                    Some(verdict) => return Err(format!("{serial} is {verdict}, not {expected}")),
                },
            };
            if !done {
                if on.step_since.elapsed() > HANGS_AFTER {
                    return Err(format!("{serial} waits in vain: {step:?}"));
                }
                return Ok(false);
            }
            on.visit.steps.pop_front();
            on.step_since = Instant::now();
        }
    }

    fn leave(&mut self, serial: &str) {
        let actor = self.actors.get_mut(serial).expect("it is there");
        if let Some(on) = actor.on.take() {
            self.places[actor.place].unplug(serial, on.port);
            self.counts.left += 1;
        }
        actor.left_at = self.counts.left;
        match actor.part.visits.front() {
            Some(next) => actor.due = Instant::now() + next.gap,
            None => drop(self.actors.remove(serial)),
        }
    }

    /// Everybody goes, whatever is going on.
    pub(crate) fn unplug_all(&mut self) {
        let on = self.actors.iter().filter(|(_, actor)| actor.on.is_some());
        let serials: Vec<String> = on.map(|(serial, _)| serial.clone()).collect();
        for serial in serials {
            self.leave(&serial);
        }
    }

    /// Whether everything was told of the phones that were seen.
    pub(crate) fn all_told(&self) -> bool {
        self.plugged_in() == 0 && self.seats.values().all(|seat| !seat.seen)
    }

    /// Connections that nobody saw will not be seen any more.
    pub(crate) fn forget_unseen(&mut self) {
        self.seats.retain(|_, seat| seat.seen);
    }

    /// Kills the second server; its phones will come again.
    pub(crate) fn kill_server(&mut self) {
        self.places[MORTAL].kill();
        for actor in self.actors.values_mut().filter(|actor| actor.place == MORTAL) {
            if actor.on.take().is_some() {
                self.counts.left += 1;
                actor.left_at = self.counts.left;
                if let Some(verdict) = actor.part.verdict {
                    let again = Visit::new(verdict, [Step::Next(vec![verdict])]);
                    actor.part.visits.push_front(again);
                }
            }
        }
        self.actors.retain(|_, actor| actor.on.is_some() || !actor.part.visits.is_empty());
        let for_ = self.random.time(100..1500);
        self.mortal = Mortal::Down { since: Instant::now(), for_, told: false };
        self.counts.kills += 1;
    }

    fn restart_server(&mut self) -> Right {
        match self.mortal {
            Mortal::Up => {}
            Mortal::Down { since, for_, told } => {
                let seen =
                    self.seats.iter().any(|((place, _), seat)| *place == MORTAL && seat.seen);
                if told && !seen && since.elapsed() >= for_ {
                    // Its transport ids begin anew.
                    self.seats.retain(|(place, _), _| *place != MORTAL);
                    self.places[MORTAL].start();
                    self.mortal = Mortal::Back { since: Instant::now() };
                } else if since.elapsed() > HANGS_AFTER {
                    return Err("a server has died, and nothing is told of it".to_owned());
                }
            }
            Mortal::Back { since } => {
                if since.elapsed() > HANGS_AFTER {
                    return Err("a server is back, and nothing is told of it".to_owned());
                }
            }
        }
        Ok(())
    }

    /// Takes what was told.
    pub(crate) fn take(&mut self, told: Told) -> Right {
        match told {
            Told::Added { server, transport, phone } => {
                let key = (self.place(&server)?, transport);
                let seat = self.seats.get_mut(&key).ok_or("nobody plugged that phone in")?;
                seat.seen = true;
                let serial = seat.serial.clone();
                self.is_known_again(&serial, phone)
            }
            Told::Verdict { server, transport, verdict } => {
                self.counts.verdicts += 1;
                let key = (self.place(&server)?, transport);
                let seat = self.seats.get(&key).ok_or("nobody plugged that phone in")?;
                let is_true = verdict.starts_with("unknown") || seat.truth.contains(&&*verdict);
                if !is_true || seat.truth.is_empty() {
                    return Err(format!("{} is {verdict}, and isn't", seat.serial));
                }
                let on = self.actors.get_mut(&seat.serial).and_then(|actor| actor.on.as_mut());
                if let Some(on) = on.filter(|on| on.transport == transport) {
                    on.verdicts.push_back(verdict);
                }
                Ok(())
            }
            Told::Removed { server, transport } => {
                let key = (self.place(&server)?, transport);
                let seat = self.seats.remove(&key).ok_or("nobody plugged that phone in")?;
                let actor = self.actors.get(&seat.serial);
                let here = actor.filter(|actor| {
                    actor.on.as_ref().is_some_and(|on| on.transport == transport)
                        && !actor.part.leaves_by_itself
                });
                match here {
                    Some(_) => Err(format!("{} is gone, and isn't", seat.serial)),
                    None => Ok(()),
                }
            }
            Told::Lost { server } => match &mut self.mortal {
                Mortal::Down { told, .. }
                    if server == self.places[MORTAL].address().to_string() =>
                {
                    *told = true;
                    Ok(())
                }
                _ => Err(format!("{server} is lost, and isn't")),
            },
            Told::Back { server } => match self.mortal {
                Mortal::Back { .. } if server == self.places[MORTAL].address().to_string() => {
                    self.mortal = Mortal::Up;
                    Ok(())
                }
                _ => Err(format!("{server} is back, and isn't")),
            },
        }
    }

    fn place(&self, server: &str) -> Result<usize, String> {
        let place = self.places.iter().position(|place| place.address().to_string() == server);
        place.ok_or_else(|| format!("{server} is nobody's"))
    }

    /// Whether a phone that comes again has the number that it had, and no other phone has that.
    fn is_known_again(&mut self, serial: &str, phone: u64) -> Right {
        let before = self.numbers.insert(serial.to_owned(), phone);
        let owner = self.owners.insert(phone, serial.to_owned());
        if let Some(owner) = owner.filter(|owner| owner != serial) {
            return Err(format!("{serial} has the number of {owner}: {phone}"));
        }
        let away = self.actors.get(serial).map_or(0, |actor| self.counts.left - actor.left_at);
        match before {
            Some(before) if before != phone && away < SURELY_REMEMBERED => {
                Err(format!("{serial} was phone {before}, and is {phone}"))
            }
            _ => Ok(()),
        }
    }
}
