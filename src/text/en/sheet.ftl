### What is handed over: the check sheet for a phone's owner, and the report of a bench, both as HTML.

## What a verdict means, in two plain sentences for the phone's owner.
## $app is the app, or several of them.

plain-vulnerable =
    { $count ->
        [1] This phone has a version of { $app } that an attacker could use to get into the phone. Update it as described here, as soon as you can.
       *[other] This phone has versions of { $app } that an attacker could use. Update them as described here, as soon as you can.
    }
plain-unconfirmed = This phone has a version of { $app } that nobody has confirmed as fixed. Update it as described here, to be sure.
plain-unknown = This phone couldn't be checked: { $reason }. That doesn't mean that it is fine, and it doesn't mean that it is at risk.
plain-patched = This phone has a version of { $app } that is reported as fixed.
plain-not_installed = { $app }, the app with this flaw, isn't on this phone. Don't install it.
plain-not_applicable = This isn't a Xiaomi, Redmi or POCO phone, and { $app } isn't on it. This flaw doesn't affect it.

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
sheet-checked-before = Earlier check
sheet-number-before = Its report number
sheet-requested = Asked to show
sheet-what-to-do = What to do
sheet-nothing-to-do = Nothing more needs to be done.
sheet-after-reset = After a reset
sheet-also = Please note
sheet-sources = Sources
sheet-made-by = micheck { $version }, advisories: set { $set } ({ $hash })
sheet-only-this = This sheet is about the flaws that it names, at the time given above. It says nothing about any others.
sheet-read-phone = Read from the phone: model, system, serial number, ADB settings and the app's version. Nothing was changed; photos, messages and contacts were not looked at.
sheet-read-nothing = Nothing was read from the phone but what it tells every computer: its serial number, and often its model.
sheet-read-file = Read from a saved file, as far as it says so: model, system and the app's version. The phone itself was not connected.
sheet-read-typed = Nothing was read from the phone by micheck: a person read the version in its settings and typed it.
sheet-kept = Kept: { $retention }.
sheet-kept-unsaid = How long the result is kept: ask the shop.
sheet-link = More about this:

## The report of a bench

bench-title = Bench report
bench-summary = Summary
# What the chart shows, for those who don't see it.
bench-chart = Bar chart of the results: { $counts }
bench-phones = Phones
bench-each = What to do
bench-files = Merged from
bench-no-phone = No phone was found.
bench-read = Read from the phones, as far as they answered: model, system, serial number, ADB settings and the app's version. Serial numbers are coded here unless full ones were asked for; their last 4 characters may stand below the code.
bench-only-this = This report is about the flaws named here, at the times given here. It says nothing about other flaws.
detail = Message: { $detail }

## What its speakers call this language

own-name = English

# How a time is written, in the signs of strftime.
date-format = %-d %b %Y, %H:%M
