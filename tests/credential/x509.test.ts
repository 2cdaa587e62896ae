import 'reflect-metadata'
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Certificate, parseCertificate } from '../../src/credential/certificate.ts'
import { type KeyPurpose, keyPurposeIds } from '../../src/credential/key-purpose.ts'
import {
  authorityKeyIds,
  certifies,
  commonName,
  verifyChain,
  x509Hash,
} from '../../src/credential/x509.ts'
import {
  authority,
  type CertificateOptions,
  certifiedSigner,
  type Party,
  signer,
} from '../support/certificates.ts'
import { hasVectors, vector } from '../support/vectors.ts'

const at = new Date('2026-06-01T00:00:00Z')
const before = new Date('2025-01-01T00:00:00Z')
const allPurposes = Object.keys(keyPurposeIds) as KeyPurpose[]
/** Those for which a certificate need not say that it is for them. */
const silentPurposes = allPurposes.filter((purpose) => purpose !== 'mdoc')
/** What our reader makes of a certificate. */
function read({ der }: Party): Certificate {
  const certificate = parseCertificate(der)
  if (!certificate) throw new Error('the certificate cannot be read')
  return certificate
}

const trusted = (party: Party) => ({ id: 'anchor', certificate: party.der })

let honest: Awaited<ReturnType<typeof certifiedSigner>>
beforeAll(async () => {
  honest = await certifiedSigner()
})

/** The sentence of the refusal, or the anchor. */
async function verdict(
  x5c: unknown,
  anchors = [honest.anchor],
  when = at,
  purpose: KeyPurpose = 'credential',
): Promise<string> {
  const chain = await verifyChain(x5c, anchors, when, purpose)
  return chain.ok ? chain.value.anchor : chain.error
}

describe('verifyChain', () => {
  it('follows leaf and intermediate to the anchor', async () => {
    const chain = await verifyChain(honest.x5c, [honest.anchor], at, 'credential')
    expect(chain.ok && chain.value.anchor).toBe('anchor-root')
    expect(chain.ok && commonName(chain.value.leaf)).toBe('Signer')
  })

  it('follows a leaf that the anchor itself issued', async () => {
    const leaf = await signer('Leaf', { by: honest.root })
    expect(await verdict([leaf.der])).toBe('anchor-root')
  })

  it.each([
    ['P-256', 'SHA-256'],
    ['P-256', 'SHA-384'],
    ['P-384', 'SHA-256'],
    ['P-384', 'SHA-384'],
  ] as const)('knows %s and %s for authorities', async (curve, hash) => {
    const root = await authority('Root', { curve })
    const leaf = await signer('Leaf', { by: root, hash })
    expect(await verdict([leaf.der], [trusted(root)])).toBe('anchor')
  })

  it('takes an anchor that does not say what its key is for (RFC 5280 6.1.1)', async () => {
    const root = await authority('Root', { usage: null })
    const leaf = await signer('Leaf', { by: root })
    expect(await verdict([leaf.der], [trusted(root)])).toBe('anchor')
  })

  it('finds the right one of two anchors with one name', async () => {
    const namesake = await authority('Root')
    expect(await verdict(honest.x5c, [trusted(namesake), honest.anchor])).toBe('anchor-root')
  })

  it('finds the renewed anchor behind one that ran out', async () => {
    const { keys } = honest.root
    const old = await authority('Root', { keys, notBefore: before, notAfter: before })
    expect(await verdict(honest.x5c, [trusted(old)])).toMatch(/out of date/)
    expect(await verdict(honest.x5c, [trusted(old), honest.anchor])).toBe('anchor-root')
  })

  it('knows a purpose in an extended key usage that is critical', async () => {
    const extensions = [new ExtendedKeyUsageExtension([keyPurposeIds.credential], true)]
    const leaf = await signer('Leaf', { by: honest.root, extensions })
    expect(await verdict([leaf.der])).toBe('anchor-root')
  })

  describe('holds a leaf to its extended key usage (RFC 5280 4.2.1.12):', () => {
    const { serverAuth } = ExtendedKeyUsage
    const ids = keyPurposeIds
    it.each<[string, string[], KeyPurpose[]]>([
      ['credentials', [ids.credential], ['credential']],
      ['status lists', [ids['status-list']], ['status-list']],
      ['requests', [ids.access], ['access']],
      ['wallet attestations', [ids['wallet-attestation']], ['wallet-attestation']],
      ['two purposes', [ids.credential, ids['status-list']], ['credential', 'status-list']],
      ['TLS and credentials', [serverAuth, ids.credential], ['credential']],
      ['TLS', [serverAuth], []],
      ['mdocs', ['1.0.18013.5.1.2'], ['mdoc']],
      ['credentials of both kinds', [ids.mdoc, ids.credential], ['mdoc', 'credential']],
      ['any purpose', ['2.5.29.37.0'], silentPurposes],
      ['nothing', [], []],
      ['a purpose that differs in its last digit', [`${ids.credential.slice(0, -1)}6`], []],
    ])('%s', async (_, extendedUsage, expected) => {
      const leaf = await signer('Leaf', { by: honest.root, extendedUsage })
      for (const purpose of allPurposes) {
        const said = await verdict([leaf.der], [honest.anchor], at, purpose)
        if (expected.includes(purpose)) expect(said).toBe('anchor-root')
        else expect(said).toContain(`must name ${ids[purpose]} (${purpose})`)
      }
    })

    it('a leaf without one is for every purpose but mdocs', async () => {
      for (const purpose of silentPurposes) {
        expect(await verdict(honest.x5c, [honest.anchor], at, purpose)).toBe('anchor-root')
      }
      expect(await verdict(honest.x5c, [honest.anchor], at, 'mdoc')).toMatch(/must name 1\.0\./)
    })

    it('MDOC-N05: an authority of document signers need not be one', async () => {
      const signsMdocs = { extendedUsage: [ids.mdoc] }
      const leaf = await signer('Leaf', { by: honest.intermediate, ...signsMdocs })
      const x5c = [leaf.der, honest.intermediate.der]
      expect(await verdict(x5c, [honest.anchor], at, 'mdoc')).toBe('anchor-root')
      const forOthers = await authority('Middle', { by: honest.root, extendedUsage: [serverAuth] })
      const below = await signer('Leaf', { by: forOthers, ...signsMdocs })
      expect(await verdict([below.der, forOthers.der], [honest.anchor], at, 'mdoc')).toMatch(
        /for other purposes/,
      )
    })

    it('an authority for TLS certifies no signer of credentials', async () => {
      const extendedUsage = [serverAuth]
      const intermediate = await authority('Middle', { by: honest.root, extendedUsage })
      const leaf = await signer('Leaf', { by: intermediate })
      expect(await verdict([leaf.der, intermediate.der])).toMatch(/for other purposes/)
    })
  })

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a string', 'MII'],
    ['an empty list', []],
    ['an object', { 0: 'MII', length: 1 }],
  ])('refuses %s for x5c', async (_, x5c) => {
    expect(await verdict(x5c)).toMatch(/one to five/)
  })

  it.each<[string, (x5c: string[]) => unknown[]]>([
    ['a number', () => [1]],
    ['noise', () => ['MIIB']],
    ['base64url', ([leaf = '']) => [leaf.replaceAll('+', '-').replaceAll('/', '_'), '-']],
    ['PEM', ([leaf]) => [`-----BEGIN CERTIFICATE-----\n${leaf}\n-----END CERTIFICATE-----`]],
    ['a line break', ([leaf]) => [`${leaf}\n`]],
    [
      'a byte behind',
      ([leaf = '']) => [
        Buffer.concat([Buffer.from(leaf, 'base64'), Buffer.of(0)]).toString('base64'),
      ],
    ],
  ])('refuses %s for a certificate', async (_, change) => {
    expect(await verdict(change(honest.x5c))).toMatch(/base64 DER/)
  })

  it('VC-N05: refuses the wrong order', async () => {
    expect(await verdict(honest.x5c.toReversed())).not.toBe('anchor-root')
  })

  it('VC-N05: refuses a chain to nowhere', async () => {
    const stranger = await authority('Root')
    expect(await verdict(honest.x5c, [])).toMatch(/no trust anchor/)
    expect(await verdict(honest.x5c, [trusted(stranger)])).toMatch(/no trust anchor/)
  })

  it('VC-N05: refuses a leaf without its intermediate', async () => {
    expect(await verdict(honest.x5c.slice(0, 1))).toMatch(/no trust anchor/)
  })

  it('VC-N05: refuses a link with the right name and key id but another signature', async () => {
    const stranger = await authority('Intermediate')
    const leaf = await signer('Leaf', { by: honest.intermediate, signedWith: stranger.keys })
    expect(await verdict([leaf.der, honest.intermediate.der])).toMatch(/signed by the one after/)
  })

  it('VC-N05: refuses a link whose names do not meet', async () => {
    const leaf = await signer('Leaf', { by: honest.intermediate, issuer: 'CN=Somebody' })
    expect(await verdict([leaf.der, honest.intermediate.der])).toMatch(/signed by the one after/)
  })

  it.each(['SHA-1', 'SHA-512'] as const)('refuses a signature over %s', async (hash) => {
    const leaf = await signer('Leaf', { by: honest.root, hash })
    expect(await verdict([leaf.der])).toMatch(/no trust anchor/)
  })

  it('VC-N05: refuses a link whose key identifiers do not meet', async () => {
    const authorityKey = honest.root.keys.publicKey
    const leaf = await signer('Leaf', { by: honest.intermediate, authorityKey })
    expect(await verdict([leaf.der, honest.intermediate.der])).toMatch(/signed by the one after/)
  })

  it('HAIP-N01: refuses the anchor in x5c', async () => {
    expect(await verdict([...honest.x5c, honest.root.der])).toMatch(/leave out the trust anchor/)
  })

  it('HAIP-N01: refuses an anchor that is the leaf itself', async () => {
    const [leaf = ''] = honest.x5c
    expect(await verdict([leaf], [{ id: 'x', certificate: leaf }])).toMatch(/leave out/)
  })

  it('HAIP-N01: refuses self-signed certificates, known or not', async () => {
    const alone = await signer('Alone')
    expect(await verdict([alone.der])).toMatch(/self-signed/)
    const root = await authority('Other')
    const leaf = await signer('Leaf', { by: root })
    expect(await verdict([leaf.der, root.der])).toMatch(/self-signed/)
  })

  it.each<[string, CertificateOptions, RegExp]>([
    ['an authority', { isAuthority: true }, /must not be that of an authority/],
    ['that may not sign data', { usage: KeyUsageFlags.keyAgreement }, /lacks digitalSignature/],
    ['on P-384', { curve: 'P-384' }, /P-256 key/],
    ['that expired', { notBefore: before, notAfter: before }, /expired or is not yet valid/],
    ['of tomorrow', { notBefore: new Date('2026-06-02') }, /expired or is not yet valid/],
    [
      'with an unknown critical extension',
      { extensions: [new Extension('1.2.3.4', true, Uint8Array.of(5, 0))] },
      /critical extension/,
    ],
    [
      'with two lists of names',
      {
        names: [{ type: 'dns', value: 'a.example' }],
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: 'b.example' }])],
      },
      /critical extension/,
    ],
  ])('refuses a leaf %s', async (_, options, sentence) => {
    const leaf = await signer('Leaf', { by: honest.root, ...options })
    expect(await verdict([leaf.der])).toMatch(sentence)
  })

  it.each<[string, CertificateOptions, RegExp]>([
    ['that is no authority', { isAuthority: false }, /without being an authority/],
    ['without basic constraints', { isAuthority: null }, /without being an authority/],
    ['without key usage', { usage: null }, /without being an authority/],
    ['that may not sign others', { usage: KeyUsageFlags.digitalSignature }, /without being/],
    ['that expired', { notBefore: before, notAfter: before }, /expired/],
  ])('refuses an intermediate %s', async (_, options, sentence) => {
    const intermediate = await authority('Middle', { by: honest.root, ...options })
    const leaf = await signer('Leaf', { by: intermediate })
    expect(await verdict([leaf.der, intermediate.der])).toMatch(sentence)
  })

  /** DER of `SEQUENCE { [0] { SEQUENCE { [2] ".example" } } }`: permitted subtrees, a DNS name. */
  const nameConstraints = Uint8Array.from(Buffer.from('300ea00c300a82082e6578616d706c65', 'hex'))
  it.each([
    ['name constraints', '2.5.29.30', true, nameConstraints],
    ['name constraints that are not critical', '2.5.29.30', false, nameConstraints],
    ['policy constraints', '2.5.29.36', true, Uint8Array.of(0x30, 3, 0x80, 1, 0)],
  ])(
    'VC-N05: refuses an authority with %s, which we could not keep to',
    async (_, ...extension) => {
      const extensions = [new Extension(...extension)]
      const intermediate = await authority('Middle', { by: honest.root, extensions })
      const leaf = await signer('Leaf', { by: intermediate })
      expect(await verdict([leaf.der, intermediate.der])).toMatch(/critical extension/)
      const root = await authority('Root', { extensions })
      const below = await signer('Leaf', { by: root })
      expect(await verdict([below.der], [trusted(root)])).toMatch(/may not stand above/)
    },
  )

  it('takes certificates under any policy, critical or not', async () => {
    const policies = new Extension('2.5.29.32', true, Uint8Array.of(0x30, 5, 0x30, 3, 6, 1, 0x2a))
    const options = { by: honest.root, extensions: [policies] }
    const intermediate = await authority('Middle', options)
    const leaf = await signer('Leaf', { by: intermediate, extensions: [policies] })
    expect(await verdict([leaf.der, intermediate.der])).toBe('anchor-root')
  })

  it('refuses a certificate longer than any of the field, before it is read', async () => {
    const long = new Extension('1.3.6.1.4.1.99999.1', false, new Uint8Array(8192))
    const leaf = await signer('Leaf', { by: honest.intermediate, extensions: [long] })
    expect(await verdict([leaf.der, honest.intermediate.der])).toMatch(/base64 DER/)
  })

  it('VC-N05: refuses a certificate between leaf and authority that is neither', async () => {
    const stray = await authority('Stray', { by: honest.root })
    const x5c = [honest.leaf.der, stray.der, honest.intermediate.der]
    expect(await verdict(x5c)).not.toBe('anchor-root')
    expect(await verdict([honest.leaf.der, stray.der])).toMatch(/signed by the one after/)
  })

  it('VC-N05: refuses the leaf twice, and six certificates', async () => {
    expect(await verdict([honest.leaf.der, ...honest.x5c])).toMatch(/without being an authority/)
    expect(await verdict(Array(6).fill(honest.leaf.der))).toMatch(/one to five/)
  })

  it('looks for anchors in no list that is too long already', async () => {
    const tooMany = [...honest.x5c, ...Array(5).fill(honest.root.der)]
    expect(await verdict(tooMany)).toMatch(/one to five/)
  })

  it('refuses an intermediate below one that allows none', async () => {
    const upper = await authority('Upper', { by: honest.root, pathLength: 0 })
    const lower = await authority('Lower', { by: upper })
    const leaf = await signer('Leaf', { by: lower })
    expect(await verdict([leaf.der, lower.der, upper.der])).toMatch(/for that depth/)
  })

  it.each<[string, CertificateOptions, RegExp]>([
    ['that expired', { notBefore: before, notAfter: before }, /out of date/],
    ['that allows no intermediate', { pathLength: 0 }, /may not stand above/],
    ['that is no authority', { isAuthority: false }, /may not stand above/],
    ['without basic constraints', { isAuthority: null }, /may not stand above/],
    ['that may not sign others', { usage: KeyUsageFlags.digitalSignature }, /may not stand above/],
  ])('refuses an anchor %s', async (_, options, sentence) => {
    const root = await authority('Root', options)
    const intermediate = await authority('Middle', { by: root })
    const leaf = await signer('Leaf', { by: intermediate })
    expect(await verdict([leaf.der, intermediate.der], [trusted(root)])).toMatch(sentence)
  })

  describe('asks again, of a chain it remembers, what may have changed:', () => {
    type Chained = Awaited<ReturnType<typeof certifiedSigner>>
    type Anchors = (chained: Chained) => { id: string; certificate: string }[]
    const same: Anchors = ({ anchor }) => [anchor]
    it.each<[string, Anchors, Date, RegExp]>([
      ['nothing', same, at, /^anchor-root$/],
      ['the anchor is gone, or suspended', () => [], at, /no trust anchor/],
      [
        'the anchor has another certificate',
        ({ anchor }) => [{ ...anchor, certificate: honest.root.der }],
        at,
        /no trust anchor/,
      ],
      ['the anchor has another id', ({ anchor }) => [{ ...anchor, id: 'b' }], at, /^b$/],
      [
        'one of the chain became an anchor',
        ({ anchor, intermediate }) => [anchor, trusted(intermediate)],
        at,
        /leave out/,
      ],
      ['it has expired', same, new Date('2027-01-02'), /expired/],
      ['it was not yet valid', same, new Date('2025-12-31'), /not yet valid/],
    ])('%s', async (_, anchors, when, sentence) => {
      const chained = await certifiedSigner()
      expect(await verdict(chained.x5c, [chained.anchor])).toBe('anchor-root')
      expect(await verdict(chained.x5c, anchors(chained), when)).toMatch(sentence)
      expect(await verdict(chained.x5c, [chained.anchor])).toBe('anchor-root')
    })

    it('the last instant of the shortest validity, and the one after', async () => {
      const notAfter = new Date('2026-07-01T00:00:00Z')
      const chained = await certifiedSigner(undefined, { notAfter })
      expect(await verdict(chained.x5c, [chained.anchor])).toBe('anchor-root')
      expect(await verdict(chained.x5c, [chained.anchor], notAfter)).toBe('anchor-root')
      const after = new Date(notAfter.getTime() + 1)
      expect(await verdict(chained.x5c, [chained.anchor], after)).toMatch(/expired/)
    })

    it('the purpose', async () => {
      const extendedUsage = [keyPurposeIds.credential]
      const chained = await certifiedSigner(undefined, { extendedUsage })
      expect(await verdict(chained.x5c, [chained.anchor])).toBe('anchor-root')
      const otherwise = await verdict(chained.x5c, [chained.anchor], at, 'status-list')
      expect(otherwise).toMatch(/for other purposes/)
    })

    it('every byte: the same leaf with more, less or other behind it', async () => {
      const { x5c, anchor, root } = await certifiedSigner()
      const [leaf = '', intermediate = ''] = x5c
      expect(await verdict(x5c, [anchor])).toBe('anchor-root')
      expect(await verdict([leaf], [anchor])).toMatch(/no trust anchor/)
      expect(await verdict([leaf, honest.intermediate.der], [anchor])).toMatch(/signed by/)
      expect(await verdict([...x5c, root.der], [anchor])).toMatch(/leave out the trust anchor/)
      expect(await verdict(x5c.join(' '), [anchor])).toMatch(/one to five/)
      expect(await verdict([x5c.join('","')], [anchor])).toMatch(/base64 DER/)
      expect(await verdict([[leaf], intermediate], [anchor])).toMatch(/base64 DER/)
    })
  })
})

describe.skipIf(!hasVectors)('a document signer of the field (ISO/IEC 18013-5 Annex B)', () => {
  const pem = (name: string) =>
    vector(`mdoc/animo-mdoc-05/${name}.pem`).replaceAll(/-----[^-]+-----|\s/g, '')
  const when = new Date('2025-11-26T00:00:00Z')

  it('is believed for mdocs, and for nothing else', async () => {
    const anchor = { id: 'animo', certificate: pem('rootCertificate') }
    for (const purpose of allPurposes) {
      const said = await verdict([pem('issuerCertificate')], [anchor], when, purpose)
      if (purpose === 'mdoc') expect(said).toBe('animo')
      else expect(said).toMatch(/for other purposes/)
    }
  })
})

describe('certifies', () => {
  it.each<[string, boolean]>([
    ['https://issuer.example/vn', true],
    ['https://issuer.example/other', true],
    ['https://ISSUER.example:8443/vn', true],
    ['https://issuer.example.evil.test/vn', false],
    ['https://a.issuer.example/vn', false],
    ['https://example/vn', false],
    ['https://evil.test/?https://issuer.example/vn', false],
    ['https://issuer.example@evil.test/vn', false],
    ['urn:example', false],
    ['', false],
  ])('%s: %s', (uri, expected) => {
    expect(certifies(read(honest.leaf), uri)).toBe(expected)
  })

  it('takes a wildcard for a name like any other', async () => {
    const names = [{ type: 'dns' as const, value: '*.example' }]
    const leaf = await signer('Leaf', { by: honest.root, names })
    expect(certifies(read(leaf), 'https://issuer.example')).toBe(false)
  })

  it('matches a URI with no host to the letter', async () => {
    const names = [{ type: 'url' as const, value: 'urn:example:vn' }]
    const leaf = await signer('Leaf', { by: honest.root, names })
    expect(certifies(read(leaf), 'urn:example:vn')).toBe(true)
    expect(certifies(read(leaf), 'urn:example:VN')).toBe(false)
  })
})

describe('names of certificates', () => {
  it('authorityKeyIds lists the issuers of a chain, nearest first (HAIP-V05)', () => {
    const [intermediate, root] = [honest.intermediate, honest.root].map(
      ({ der }) => parseCertificate(der)?.keyId,
    )
    expect(authorityKeyIds(honest.x5c)).toEqual([intermediate, root])
  })

  it('x509Hash is the SHA-256 of the DER', async () => {
    const der = honest.leaf.certificate.rawData
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', der)).toString('base64url')
    expect(await x509Hash(honest.leaf.der)).toBe(digest)
  })
})
