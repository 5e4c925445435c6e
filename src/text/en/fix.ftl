### micheck fix, and what the board says of the same.

## Screens that lead to an update.

unknown-route = a screen
route-system_apps_updater = System apps updater
route-getapps_updates = GetApps, updates
route-getapps_page = GetApps, the app's page
route-app_store_updates = App Store, updates
route-app_store_page = App Store, the app's page
route-indus_appstore = Indus Appstore
route-google_play_page = Google Play, the app's page
route-system_update = System update
route-system_update_by_google = Google's system update

## What the phone answered, as the end of a line.

answer-requested = requested
answer-brought_to_front = requested; it was open already
answer-does_not_exist = this phone doesn't have it
answer-unresolved = no app on this phone opens it
answer-denied = this phone doesn't allow it
answer-not_started = this phone didn't open it
answer-no_answer = no answer
answer-unreadable = the answer isn't in a known format

## Before anything is asked for.

fix-plan = { $count ->
    [one] micheck will ask this phone to show its app updater. It changes no setting and installs nothing: the owner taps Update. Updates use the phone's internet; Wi-Fi is better.
   *[other] micheck will ask these { $count } phones to show their app updater. It changes no setting and installs nothing: the owner taps Update. Updates use the phone's internet; Wi-Fi is better.
}
fix-plan-system = micheck will ask this phone to show its system update. It changes no setting and installs nothing: the owner decides. Updates use the phone's internet; Wi-Fi is better.
fix-more = … and { $count } more
fix-ask = { $count ->
    [one] Ask it? [y/N]
   *[other] Ask them? [y/N]
}
fix-declined = No phone was asked to show anything.
fix-nothing = No phone needs an update.
fix-nobody = No phone can be asked to show its updater.
fix-not-at-risk = { $phone } needs no update.
fix-cannot = { $phone } needs an update and can't be asked: { $why }
fix-not-checked = { $phone } wasn't checked: { $why }
fix-not-told-apart = it doesn't say which phone it is, and another one could be at its address

## What happens, a line each.

fix-try = { $phone }: { $screen }: { $answer }
fix-look = { $phone }: { $screen } requested. Unlock the phone and look: tap Update.
fix-look-system = { $phone }: { $screen } requested. Unlock the phone and look: download and install the update.
fix-no-screen = { $phone }: none of its screens could be requested. On the phone: { $step }
fix-no-answer = { $phone }: no answer. Unlock the phone and look: the screen may be there.
fix-blocked = { $phone }: { $why }
fix-away = { $phone }: { $how }; waiting { $time } for it to come back
fix-away-unplugged = unplugged
fix-away-network = connection lost
fix-away-server = adb server gone
fix-away-another = another phone is there now
fix-removed = { $phone }: { $before } → the app is gone
fix-last-seen = { $phone }: last seen with { $version }, not checked since: { $why }
fix-still-at-risk = { $phone }: { $before } → { $after }, and still not fixed
fix-updated = { $phone }: { $before } → { $after }, updated
fix-back = { $phone }: back
fix-still = { $phone }: still { $version }; no update arrived

fix-allow = unlock { $names } and tap Allow

## What is waited for, while it is.

fix-waits = waiting since { $clock } ({ $screen })
fix-waits-look = no answer: look at its screen
fix-none-taken = update it by hand
fix-not-asked = not asked

fix-waits-request = being asked
fix-done = updated to { $version }
fix-left = { $updated } of { $count } updated · { $time } left · Ctrl-C ends it

## When it is over.

fix-interrupted-updated = Updated: { $names }.
fix-interrupted = Interrupted. Requested, and not updated yet: { $names }. Check these phones again later.
fix-interrupted-asking = Interrupted while they were asked, so they may show their updater: { $names }.
fix-interrupted-nothing = Interrupted. Nothing was requested.

fix-evidence-too-large = warning: the evidence of { $count } answers wasn't kept: all of it together is larger than 256 MiB
fix-head = Before and after
fix-row-after = { $before } → { $after }
fix-checked = checked { $then } and { $now }
fix-row-same = { $before }, no update yet
fix-requested = { $screen } requested
fix-asked = asked, no answer
fix-none-requested = nothing requested

## On the board.

updater-shown = Unlock it and tap Update ({ $screen }, { $clock })
requests-head = Asked to show at { $clock }

ask-updaters = { $count ->
    [one] Ask 1 phone to show its app updater? (y: yes, other keys: no) Nothing is changed or installed; the owner taps Update.
   *[other] Ask { $count } phones to show their app updater? (y: yes, other keys: no) Nothing is changed or installed; the owner taps Update.
}
updaters-asked = { $count ->
    [one] Asking 1 phone to show its app updater. Unlock it and look.
   *[other] Asking { $count } phones to show their app updater. Unlock them and look.
}
nothing-to-update = This phone can't be asked: it isn't at risk, or isn't ready.
updater-unanswered = Look at its screen: it may show its updater ({ $clock })
updater-not-shown = { $clock }: its updater couldn't be requested
key-updater = show updater
    .help = ask the chosen phone to show its app updater, if it is at risk
key-updaters = all updaters
    .help = the same for all phones at risk; asks you first
