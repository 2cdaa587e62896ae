import type { JsonObject } from '../credential/json.ts'
import type { Persona } from '../providers/profile.ts'
import { ageClaims, pidClaims, type Subject } from './claims.ts'

/** A type of credential that we issue: of whom, for how long, and what it says in whatever format. */
type CredentialType = {
  name: string
  /** Whom it can be about. */
  kinds: readonly Persona['kind'][]
  /** How long it is good for. */
  days: number
  /**
   * How many digests there are for what is shown selectively, decoys included, whatever is known of the
   * person.
   */
  digests: number
  /** The selectively disclosable claims. */
  selective(subject: Subject): Promise<JsonObject>
  /** What the metadata tells of its claims: path, English name, and whether it is always there. */
  claims: readonly ClaimDescription[]
}

/** In which format, under what name; `id` is the `credential_configuration_id`, and the `scope` that asks for it. */
type Format =
  | { id: string; format: 'dc+sd-jwt'; vct: string }
  | { id: string; format: 'mso_mdoc'; doctype: string }

/** A type in one of its formats: what wallets are offered. */
export type CredentialConfiguration = CredentialType & Format

/** The configurations of one kind of credential. */
export type ConfigurationIn<F extends Format['format']> = CredentialType &
  Extract<Format, { format: F }>

export type ClaimDescription = readonly [path: readonly string[], name: string, presence?: 'always']

const persons = ['natural', 'representative'] as const

/** In every credential; in the clear where the format knows how. */
const always: readonly ClaimDescription[] = [
  [['issuing_country'], 'Issuing country', 'always'],
  [['verification'], 'Verification of the identity', 'always'],
  [['verification', 'trust_framework'], 'Identity scheme', 'always'],
  [['verification', 'assurance_level'], 'Level of assurance, as the scheme states it'],
  [['verification', 'time'], 'Day of the verification', 'always'],
]

/** To issue another type is to add a row; another format, a line of its row. */
const credentialTypes: readonly (CredentialType & { formats: readonly Format[] })[] = [
  {
    formats: [
      { id: 'pid-sd-jwt', format: 'dc+sd-jwt', vct: 'urn:gerbang:pid:1' },
      { id: 'pid-mdoc', format: 'mso_mdoc', doctype: 'org.gerbang.pid.1' },
    ],
    name: 'Person identification',
    kinds: persons,
    // A year: who a person is changes seldom, and a lost phone is what the status list is for.
    days: 365,
    // 23 claims can be there, besides other forms of a name.
    digests: 32,
    selective: pidClaims,
    claims: [
      [['name'], 'Full name', 'always'],
      [['given_name'], 'Given name'],
      [['family_name'], 'Family name'],
      [['middle_name'], 'Middle name'],
      [['patronymic'], 'Patronymic'],
      [['name_suffix'], 'Name suffix'],
      [['title'], 'Title'],
      [['also_known_as'], 'Also known as'],
      [['name_order'], 'Order of the name', 'always'],
      [['birthdate'], 'Date of birth', 'always'],
      [['birthdate_precision'], 'Precision of the date of birth', 'always'],
      [['place_of_birth'], 'Place of birth'],
      [['place_of_birth', 'country'], 'Country of birth'],
      [['nationalities'], 'Nationalities', 'always'],
      [['residence_status'], 'Residence status'],
      [['sex'], 'Sex'],
      [['address'], 'Address'],
      [['address', 'formatted'], 'Full address'],
      [['address', 'country'], 'Country of residence'],
      [['document_type'], 'Type of document'],
      [['document_number'], 'Number of the document'],
      [['personal_administrative_number'], 'Personal number'],
      [['person_token'], 'Token for this person', 'always'],
      [['issuing_authority'], 'Issuing authority', 'always'],
      [['date_of_issuance'], 'Date of issuance', 'always'],
      [['date_of_expiry'], 'Date of expiry', 'always'],
      ...always,
    ],
  },
  {
    formats: [
      { id: 'age-sd-jwt', format: 'dc+sd-jwt', vct: 'urn:gerbang:age:1' },
      { id: 'age-mdoc', format: 'mso_mdoc', doctype: 'org.gerbang.age.1' },
    ],
    name: 'Proof of age',
    kinds: persons,
    // Not over 18 today may be over 18 tomorrow, so that a wallet should fetch it anew often.
    days: 30,
    // A threshold that a partial birth date cannot answer must not be told by its absence.
    digests: 3,
    selective: ageClaims,
    claims: [
      [['age_over_18'], 'Over 18'],
      [['age_over_20'], 'Over 20'],
      [['age_over_21'], 'Over 21'],
      ...always,
    ],
  },
]

export const credentialConfigurations: readonly CredentialConfiguration[] = credentialTypes.flatMap(
  ({ formats, ...type }) => formats.map((format) => ({ ...type, ...format })),
)

/** What can be issued about somebody. */
export const configurationsFor = ({ kind }: Persona): CredentialConfiguration[] =>
  credentialConfigurations.filter(({ kinds }) => kinds.includes(kind as (typeof persons)[number]))

export const findConfiguration = (id: string): CredentialConfiguration | undefined =>
  credentialConfigurations.find((configuration) => configuration.id === id)
