## What is recorded of what was found.

record-moved = The record { $file } was damaged. It is now { $aside }, and a new one has been started.
record-clock = { $count ->
    [one] 1 check on record is older than it is to be kept
   *[other] { $count } checks on record are older than they are to be kept
  }, but this computer's clock is { $days } days from where it was at the last check: if the date is right, they go next time
record-kept = { $count ->
    [one] 1 check on record was older than it is to be kept, and was erased
   *[other] { $count } checks on record were older than they are to be kept, and were erased
  }
record-stuck = Not recorded yet ({ $count }): { $error }
record-slow = What is on record of these phones couldn't be read in time, and isn't on the sheets
# The heads of the columns of `history` and `recall`.
record-column-checked = CHECKED
record-column-code = CODE
record-column-job = JOB
history-none = Nothing on record matches.
# Below a check that says nothing: what still holds.
history-stands = last known: { $what }, { $at }
# Below a phone that is to be called back: what was said when it was checked.
recall-told = the customer was told: { $what }, { $at }
recall-none = No phone to call back: { $phones ->
    [one] 1 phone on record
   *[other] { $phones } phones on record
  }
recall-count = { $count ->
    [one] 1 phone to call back
   *[other] { $count } phones to call back
  } of { $phones } on record
recall-without-job = { $count ->
    [one] 1 of them has no job number, so you can't tell whose it is
   *[other] { $count } of them have no job number, so you can't tell whose they are
  }
forget-nothing = Nothing on record matches: nothing to erase
forget-plan = { $checks ->
    [one] 1 check
   *[other] { $checks } checks
  } of { $phones ->
    [one] 1 phone
   *[other] { $phones } phones
  } will be erased for good ({ $from } to { $to })
forget-ask = Erase them? [y/N]
forget-declined = Nothing was erased.
forget-done = { $checks ->
    [one] 1 check was erased
   *[other] { $checks } checks were erased
  }. Copies and backups made earlier still have them.
# Of `micheck record status`: heads of the lines.
record-status-file = File
record-status-size = Size
record-status-version = Format of the file
record-status-bench = Bench
record-status-since = Since
record-status-last = Last check
record-status-checks = Checks
record-status-phones = Phones
record-status-jobs = Jobs
record-status-erased = Last erased
record-status-forgotten = Ids of erased checks
record-status-error = Last error
record-status-none = none
record-erased = { $count ->
    [one] 1 check
   *[other] { $count } checks
  }, { $at }
record-imported = { $added ->
    [one] 1 check read in
   *[other] { $added } checks read in
  }; { $known } were here already, { $refused } were erased here earlier and stay so, { $erased } were erased there and now here, too
# A day without its year, as jiff's strftime has it.
day-format = %-d %b
# What is on record of a phone on the board, and what it is now.
recorded = { $was } on { $day } → { $is } today
recorded-today = { $was } at { $clock } → { $is } now
on-record = On record: { $what }, { $at }
job = job { $job }
job-of-phone = Job of this phone: { "" }
key-job = job
    .help = enter the job number of the chosen phone; it is kept in the record
not-recording = Nothing is recorded: start with --record, or set record = true in micheck.toml
# Below a phone at risk whose last check took nothing of that back.
history-since = since then: { $what }, { $at }
recall-not-recorded = { $count ->
    [one] 1 of them was never checked for an app that an advisory names today: check it when it comes in
   *[other] { $count } of them were never checked for an app that an advisory names today: check them when they come in
  }
sheet-job = Job
recorded-still = { $was } since { $day }
history-checks = { $count ->
    [one] 1 check
   *[other] { $count } checks
  }
