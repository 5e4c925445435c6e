### Advisories themselves.

# No fixed version is known.
no-fix-known = none known
# How the list goes on.
more-about-an-advisory = All that is known of one, with its sources: micheck advisories show ID
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
certainty-one_secondary_source = one secondary source says so
    .package = one secondary source says that this is the app
    .fixed = one secondary source says that this version is fixed, no primary record does
certainty-inferred = inferred, no source says so
    .package = inferred: no source names the package
    .fixed = that this version is fixed is inferred, no source says so

## The heads of an advisory's fields.

advisory-field-app = App
advisory-field-packages = Package
advisory-field-cves = CVE
advisory-field-weakness = Weakness
advisory-field-severity = Severity
advisory-field-affected = Affected
advisory-field-fixed = Fixed
advisory-field-note = Note
advisory-field-counts = Counts
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

must-update-up-to = ; at or below { $last } it must be updated
must-update-from-to = ; from { $low } to { $last } it must be updated
must-update-below = ; below { $bound } it must be updated
must-update-from-below = ; from { $low } on and below { $bound } it must be updated
must-update-exact = ; version { $exact } must be updated
must-update-up-to-or = ; at or below { $last }, or in { $exact }, it must be updated
must-update-from-to-or = ; from { $low } to { $last }, or in { $exact }, it must be updated
must-update-below-or = ; below { $bound }, or in { $exact }, it must be updated
must-update-from-below-or = ; from { $low } on and below { $bound }, or in { $exact }, it must be updated
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
advisory-column-counts = COUNTS
advisories =
    { $count ->
        [1] 1 advisory
       *[other] { $count } advisories
    }; set { $set }, built in as of { $date }
no-error =
    { $count ->
        [1] 1 advisory, no error
       *[other] { $count } advisories, no error
    }
errors =
    { $count ->
        [1] 1 error; nothing can be judged by this folder
       *[other] { $count } errors; nothing can be judged by this folder
    }
built-in = built in
own-file = your own file { $file }
