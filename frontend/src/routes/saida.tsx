import { createFileRoute } from '@tanstack/react-router'

import { SignedOut } from '@/features/session/signed-out'

export const Route = createFileRoute('/saida')({ component: SignedOut })
