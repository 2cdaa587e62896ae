import { useCryptography } from './credential/crypto.ts'
import { useInflate } from './credential/zlib.ts'
import { bringBase64 } from './platform/base64.node.ts'
import { nodeCryptography } from './platform/crypto.node.ts'
import { inflateAtOnce } from './platform/zlib.node.ts'

// What every entry on Node begins with, by importing this: nothing of ours works without the first, and
// it works faster with the others.
bringBase64()
useCryptography(nodeCryptography)
useInflate(inflateAtOnce)
