# Paperround: one image, one process per container. The command says which: start, web, scheduler, worker, migrate …

FROM node:20-bookworm-slim AS base
WORKDIR /app
# `prepare` would build at every install, before the sources are there and without the compiler in production:
# scripts are off, and the build is a step of its own.
ENV NPM_CONFIG_IGNORE_SCRIPTS=true NPM_CONFIG_AUDIT=false NPM_CONFIG_FUND=false NPM_CONFIG_UPDATE_NOTIFIER=false
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY config config
COPY src src
COPY workers workers
COPY templates templates
RUN npm run build
# What is left of src is data that the program reads beside its code: the sample papers, the website's assets.
RUN find src -type f \( -name '*.ts' -o -name '*.tsx' \) -delete && find src -type d -empty -delete

FROM base AS production
RUN npm ci --omit=dev

FROM node:20-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data PORT=3000
# package.json is more than a note: the program finds its templates and samples beside it.
COPY package.json LICENSE ./
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src src
COPY templates templates
# Needed without DATABASE_URL (the embedded database) and by the outbox transport; otherwise it stays empty.
RUN install -d -o node -g node -m 700 /data
VOLUME /data
USER node
EXPOSE 3000
# Right for `start` and `web`. A scheduler or a worker listens on no port: switch it off there.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell and no npm in between, so that SIGTERM reaches the program and it can finish what is in hand.
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["start"]
