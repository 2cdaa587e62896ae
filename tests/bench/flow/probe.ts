// Loaded before a server that is measured: it answers, over IPC, what the process has cost so far.
process.on('message', (asked: { collect?: boolean }) => {
  if (asked.collect) (globalThis as { gc?: () => void }).gc?.()
  const { user, system } = process.cpuUsage()
  process.send?.({ cpu: user + system, rss: process.memoryUsage.rss() })
})
// Nobody needs this process to go on only because it could be asked.
process.channel?.unref()
