/**
 * Where the drafts of SD-JWT VC differ, and which of them is followed. What is left out is as in the
 * newest draft, which is the strictest. HAIP 1.0 9.4 pins draft -13: there `legacyTyp` is true and
 * `akaVcts` false.
 */
export type DraftRules = {
  /** Takes the typ `vc+sd-jwt` for `dc+sd-jwt`, as drafts up to -18 advise for a time. Default: no. */
  legacyTyp?: boolean
  /** Knows `aka_vcts`, which is new in -18; otherwise it is a claim like any other. Default: yes. */
  akaVcts?: boolean
}
