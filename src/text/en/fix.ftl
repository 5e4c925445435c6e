### micheck fix, and what the board says of the same.

## Screens that lead to an update.

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
fix-not-at-risk = { $phone } needs no update.
fix-cannot = { $phone } needs an update and can't be asked: { $why }

## What happens, a line each.

fix-try = { $phone }: { $screen }: { $answer }
fix-look = { $phone }: { $screen } requested. Unlock the phone and look: tap Update.
fix-look-system = { $phone }: { $screen } requested. Unlock the phone and look: download and install the update.
fix-no-screen = { $phone }: none of its screens could be requested. On the phone: { $step }
fix-skipped = { $phone }: not asked; another phone answered, or it isn't at risk any more.
fix-updated = { $phone }: { $before } → { $after }, updated
fix-gone = { $phone }: unplugged; waiting { $time } for it to come back
fix-back = { $phone }: back
fix-still = { $phone }: still { $version }; no update arrived

fix-allow = unlock { $names } and tap Allow

## What is waited for, while it is.

fix-waits = waits for the update ({ $screen }, { $clock })
fix-waits-gone = unplugged: plug it in again
fix-waits-request = being asked
fix-done = updated to { $version }
fix-none-taken = not requested: update it by hand
fix-left = { $updated } of { $count } updated · { $time } left · Ctrl-C ends it

## When it is over.

fix-interrupted = Interrupted. Requested so far: { $names }. Check these phones again later.
fix-interrupted-nothing = Interrupted. Nothing was requested.
fix-head = Before and after
fix-row-after = { $before } → { $after }
fix-row-same = { $before }, no update yet
fix-requested = { $screen } requested
fix-none-requested = nothing requested

## On the board.

ask-updaters = { $count ->
    [one] Ask 1 phone to show its app updater? Nothing is changed or installed; the owner taps Update. (y: yes, any other key: no)
   *[other] Ask { $count } phones to show their app updater? Nothing is changed or installed; the owner taps Update. (y: yes, any other key: no)
}
updaters-asked = { $count ->
    [one] Asking 1 phone to show its app updater. Unlock it and look.
   *[other] Asking { $count } phones to show their app updater. Unlock them and look.
}
nothing-to-update = This phone can't be asked: it isn't at risk, or isn't ready.
updater-shown = { $screen } requested { $clock }: unlock it and tap Update
updater-not-shown = { $clock }: its updater couldn't be requested
key-updater = show updater
    .help = ask the chosen phone to show its app updater, if it is at risk
key-updaters = all updaters
    .help = the same for all phones at risk; asks you first
