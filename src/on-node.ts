import { useCryptography } from './credential/crypto.ts'
import { bringBase64 } from './platform/base64.node.ts'
import { nodeCryptography } from './platform/crypto.node.ts'

// What every entry on Node begins with, by importing this: nothing of ours works without the first, and
// it works faster with the second.
bringBase64()
useCryptography(nodeCryptography)
