### The board of micheck watch.

# Said of a phone that couldn't be judged and is asked again.
asked-again-by-itself = Leave it plugged in: it is rechecked automatically
# Said of a phone that couldn't be judged and isn't asked again.
press-r = Press r to recheck it (Enter: what else to do)
# The head of the page about the keys.
help-head = micheck watch
# Said of a phone without a port that is to get a name.
no-port = It isn't known which port this phone is plugged into, so the port can't be named.
# Said of a phone that can't be asked because it isn't there.
not-there = This phone isn't plugged in.
# Stands for a version where there is no app.
no-app = no app
# The last step on a phone that is finished and closed.
unplug-it = Done: unplug it
# The last steps on a phone that is finished, short.
finish = Done: revoke authorisations, debugging off, unplug
# A phone that left before anything was found out.
left-unchecked = Not checked yet: plug it in again
# A phone that left at risk.
left-at-risk = Still at risk: update it, then plug it in again
# A phone that can only be asked again with its person at hand.
then-ask-again = then press r: the phone will ask again
# The head of what a phone answered.
evidence-head = What was found
# The head of what came of a phone so far.
past-head = So far
# Said of a phone that is being asked.
being-asked = It is being checked

## Lines of evidence.

evidence-version = version
evidence-factory = factory copy
evidence-users = installed for users
evidence-path = code path
evidence-affected = affected up to
evidence-below = affected below
evidence-fixed = fixed from
evidence-cves = CVE

## What is being done about a phone that has no verdict, capitals.

phase-allow = TAP ALLOW
phase-starting = STARTING
phase-checking = CHECKING
phase-waiting = WAITING
phase-connecting = CONNECTING

## What a person does meanwhile.

phase-step-allow = Have the owner unlock the phone and tap Allow
phase-step-starting = Still starting: it is rechecked automatically
phase-step-gone = The app has just disappeared: rechecked in a moment, to be sure

## The line of counts.

count-checked = { $count } checked
count-at-risk = { $count } at risk
count-to-update = { $count } to update
count-left-at-risk = { $count } left at risk
count-fixed = { $count } fixed
count-waiting = { $count } waiting

## While no phone is there.

empty-plug-in = Plug in a phone.
empty-debugging = USB debugging must be on: Settings → About phone → tap the MIUI or OS version 7 times; then Additional settings → Developer options → USB debugging.
empty-allow = Have its owner unlock it and tap Allow. The rest is automatic.
empty-nothing = Nothing appears? Try another cable, then: micheck doctor

## Keys, each with what it does. .help: the same on the page about the keys.

key-quit = quit
    .help = quit (Ctrl-C works, too)
key-help = help
    .help = this page
key-choose = choose
    .help = choose a phone (also Page up, Page down, Home, End)
key-details = details
    .help = what the chosen phone answered, and every step; Esc goes back
key-ask = recheck
    .help = recheck the chosen phone now
other-way = or { $step }
none-at-risk = No phone here is at risk
key-next_at_risk = next at risk
    .help = to the next phone at risk
key-wall = at risk first
    .help = phones at risk first, or by their ports
key-sheet = sheet
    .help = make a sheet for the chosen phone's owner, and open it
key-language = sheet language
    .help = the language of that sheet
key-name = name the port
    .help = name the chosen phone's port ("left hub 3"); kept for next time
key-back = back
key-scroll = scroll
key-keep = save
key-leave = cancel
name-of-port = Name for port { $port }: { "" }

## The page about the keys.

help-vulnerable = update it now, as shown beside it; it turns green automatically
help-unconfirmed = nobody has confirmed this version as fixed: update it, too
help-unknown = couldn't be checked; that doesn't mean that it is fine
help-patched = the version is reported fixed
help-not_installed = the app isn't on this phone
help-end = A phone at risk is rechecked automatically while it stays plugged in. Nothing is changed on any phone; o and O have it show a screen.

## What is said of a phone.

# Versions before and after an update, and when it was seen.
change = { $before } → { $after }, { $clock }
server-gone-at = adb server gone { $clock }
connection-lost-at = connection lost { $clock }
unplugged-at = unplugged { $clock }
asked-in-vain = rechecked { $clock }: { $why }
before = { $clock } { $what }
server-gone = adb server { $server } can't be reached: retrying automatically
before-head = Before it was plugged in again, { $clock }:
read-at = read { $clock } ({ $by })
# What a run found, at its end.
left-at-risk-list = still to update: { $names }
command-failed = --exec for { $serial }: { $how }
log-stuck =
    { $count ->
        [1] can't write to { $file }: { $error }; 1 line is waiting
       *[other] can't write to { $file }: { $error }; { $count } lines are waiting
    }

## The sheet of a phone.

no-sheet-yet = There is no sheet yet: this phone hasn't been checked.
sheet-language = This phone's sheet will be in { $language }.
sheet-written = Sheet ({ $language }): { $file }
sheet-failed = The sheet couldn't be written: { $why }
sheet-not-opened = Sheet ({ $language }): { $file } – it couldn't be opened here ({ $why })
# Why a sheet was not opened.
no-screen = there is no desktop to open it on
