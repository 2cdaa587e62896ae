import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig, type Plugin } from 'vitest/config'

/** What must hold in both runtimes: formats and crypto, the store contract, HTTP, flows, attacks. */
const everywhere = ['tests/{credential,store,http,flows,attacks}/**/*.test.ts']
const onlyWorkers = 'tests/**/*.workers.test.ts'

/** In workerd the tests run over D1 and WebCrypto: where a support file has a twin, that is loaded. */
const twins: Plugin = {
  name: 'twins-for-workers',
  enforce: 'pre',
  async resolveId(source, importer) {
    const resolved = await this.resolve(source, importer, { skipSelf: true })
    return resolved && /\/tests\/support\/(?:database|drivers)\.ts$/.test(resolved.id)
      ? resolved.id.replace(/\.ts$/, '.workers.ts')
      : null
  },
}

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: [onlyWorkers],
          setupFiles: ['tests/support/setup.node.ts'],
          // No test leaves anything behind for another, and loading all anew for each file costs as
          // much as the tests do.
          isolate: false,
        },
      },
      {
        plugins: [
          twins,
          cloudflareTest(async () => ({
            miniflare: {
              compatibilityDate: '2026-10-01',
              d1Databases: { DB: 'test' },
              bindings: { MIGRATIONS: await readD1Migrations('migrations') },
            },
          })),
        ],
        test: {
          name: 'workers',
          include: [...everywhere, onlyWorkers],
          exclude: ['**/*.node.test.ts'],
          // One isolate for all files: there is one database, and loading it all anew is what costs.
          isolate: false,
          fileParallelism: false,
        },
      },
    ],
  },
})
