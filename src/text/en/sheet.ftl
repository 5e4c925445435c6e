### What is handed over: the check sheet for a phone's owner, and the report of a bench, both as HTML.

## What a verdict means, in two plain sentences for the phone's owner.
## $app is the app, or several of them.

plain-vulnerable =
    { $count ->
        [1] This phone has a version of { $app } that attackers could use to get into the phone. Update it as described here, as soon as you can.
       *[other] This phone has versions of { $app } that attackers could use. Update them as described here, as soon as you can.
    }
plain-unconfirmed = This phone has a version of { $app } of which nobody says that the flaw is fixed in it. Update it as described here, to be sure.
plain-unknown = This phone couldn't be checked: { $reason }. That doesn't mean that it is fine, and it doesn't mean that it is at risk.
plain-patched = This phone has a version of { $app } in which the flaw is reported to be fixed. Nothing more needs to be done because of this flaw.
plain-not_installed = { $app }, the app with this flaw, isn't on this phone. Nothing needs to be done, and the app shouldn't be installed.
plain-not_applicable = This is no phone by Xiaomi, Redmi or POCO, and { $app } isn't on it. This flaw doesn't concern it.

## The check sheet

sheet-title = Phone check
sheet-about =
    { $count ->
        [1] Flaw in { $app } ({ $cves })
       *[other] Flaws in { $app } ({ $cves })
    }
sheet-phone = Phone
sheet-model = Model
sheet-system = System
sheet-serial-end = Serial number ends in
sheet-serial-full = Serial number
sheet-serial-coded = Serial number, coded
sheet-file = File
sheet-version = Version of { $app }
sheet-before = Before
sheet-now = Now
sheet-checked = Checked on
sheet-number = Report number
sheet-what-to-do = What to do
sheet-nothing-to-do = Nothing needs to be done because of this flaw.
sheet-after-reset = After a reset
sheet-also = Also to know
sheet-sources = Sources
sheet-made-by = micheck { $version }, advisories { $set } ({ $hash })
sheet-only-this =
    { $count ->
        [1] Only this one problem was checked, at the time given here. Nothing is said about anything else on this phone.
       *[other] Only these flaws of these apps were checked, at the time given here. Nothing is said about anything else on this phone.
    }
sheet-read-phone = Read from the phone: model, system, serial number and the version of the app. Nothing was changed; photos, messages and contacts were not looked at.
sheet-read-file = Read from a saved file: model, system and the version of the app. The phone itself was not connected.
sheet-read-typed = Nothing was read from the phone: a person read the version in its settings.
sheet-kept = Kept: { $retention }.
sheet-kept-unsaid = How long the result is kept: ask whoever gave you this sheet.
sheet-link = More about this:

## The report of a bench

bench-title = Bench report
bench-summary = Summary
# What the chart shows, for those who don't see it.
bench-chart = Bar chart of the results: { $counts }
bench-phones = Phones
bench-each = Phone by phone
bench-files = Put together from
bench-no-phone = No phone was found.
bench-read = Read from the phones: model, system, serial number and the version of the app. Serial numbers are coded here unless somebody asked for them in full.
bench-only-this = Only the flaws named here were checked, at the times given here. Nothing is said about anything else on these phones.
detail = What was said: { $detail }

## What its speakers call this language

own-name = English
