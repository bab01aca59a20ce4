import { expect, it } from 'vitest'
import { hostNetwork } from '../../sandbox/host-network.ts'

it('hands certificates, proxies and package indexes on, and nothing else', () => {
  const environment = { NODE_EXTRA_CA_CERTS: '/etc/ca.pem', HTTPS_PROXY: 'http://proxy:3128', AWS_SECRET_ACCESS_KEY: 'x', HOME: '/home/me' }
  expect(hostNetwork(environment)).toEqual({ NODE_EXTRA_CA_CERTS: '/etc/ca.pem', HTTPS_PROXY: 'http://proxy:3128' })
})

it('keeps a password in a proxy or index URL to itself', () => {
  expect(hostNetwork({ HTTPS_PROXY: 'http://me:secret@proxy:3128', PIP_INDEX_URL: 'https://token@index/simple' })).toEqual({})
})
