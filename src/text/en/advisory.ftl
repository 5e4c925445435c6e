### Advisories themselves.

# No fixed version is known.
no-fix-known = none known
# How the list goes on.
more-about-an-advisory = Everything about one, with its sources: micheck advisories show ID
# What stands where a record gives no severity.
no-severity = not given
# What stands where the date of a source isn't known.
no-date = undated

## How bad a flaw is.

level-low = low
level-medium = medium
level-high = high
level-critical = critical

## How sure a fact is, as a clause. .package: that a package is meant; .fixed: that a version is fixed.

certainty-confirmed = a primary record says so
    .package = confirmed: this is the app
    .fixed = a primary record says so
certainty-one_secondary_source = secondary sources only
    .package = only a secondary source says that this is the app
    .fixed = only one news site says that this version is fixed; the official records don't
certainty-inferred = inferred; no source says so
    .package = inferred: no source names the package
    .fixed = it is only inferred that this version is fixed; no source says so

## The heads of an advisory's fields.

advisory-field-app = App
advisory-field-packages = Package
advisory-field-cves = CVE
advisory-field-weakness = Weakness
advisory-field-severity = Severity
advisory-field-affected = Affected
advisory-field-fixed = Fixed
advisory-field-note = Note
advisory-field-counts = Used
advisory-field-origin = From
advisory-field-sources = Sources
advisory-field-remedies = What to do

## The affected versions.

affected-up-to = { $last } and older
affected-from-to = { $low } to { $last }
affected-below = older than { $bound }
affected-from-below = from { $low }, older than { $bound }
affected-only = only { $exact }
affected-and = { $range }; { $exact }

## Which versions must be updated, as the end of a sentence.

must-update-up-to = ; version { $last } or older must be updated
must-update-from-to = ; versions { $low } to { $last } must be updated
must-update-below = ; versions older than { $bound } must be updated
must-update-from-below = ; versions from { $low } that are older than { $bound } must be updated
must-update-exact = ; version { $exact } must be updated
must-update-up-to-or = ; version { $last } or older, or { $exact }, must be updated
must-update-from-to-or = ; versions { $low } to { $last }, or { $exact }, must be updated
must-update-below-or = ; versions older than { $bound }, or { $exact }, must be updated
must-update-from-below-or = ; versions from { $low } that are older than { $bound }, or { $exact }, must be updated
# Between the last two versions of a list.
or = { " or " }

## The list of advisories, and one in full.

# What UPDATED rests on.
fixed-means = { $word } means { $app } { $version } or later: { $basis }.
fixed-from = { $version } and newer
counts-yes = yes
counts-with-all = with --all
advisory-column-id = ID
advisory-column-app = APP
advisory-column-cve = CVE
advisory-column-severity = SEVERITY
advisory-column-affected = AFFECTED
advisory-column-fixed = FIXED FROM
advisory-column-counts = USED
advisories =
    { $count ->
        [1] 1 advisory
       *[other] { $count } advisories
    }; built-in set { $set }, from { $date }
no-error =
    { $count ->
        [1] 1 advisory, no errors
       *[other] { $count } advisories, no errors
    }
errors =
    { $count ->
        [1] 1 error: this folder can't be used
       *[other] { $count } errors: this folder can't be used
    }
built-in = built in
own-file = your own file { $file }
