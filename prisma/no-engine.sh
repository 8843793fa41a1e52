#!/bin/sh
echo "Prisma's schema engine is not used here: npm run db:new -- <name> writes a migration, npm run db:migrate applies it." >&2
exit 1
