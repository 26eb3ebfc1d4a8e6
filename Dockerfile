# Paperround: one image, one process per container. The command says which: start, web, scheduler, worker, migrate …
#
#   docker build --build-arg PAPERROUND_COMMIT="$(git rev-parse HEAD)" --tag paperround .

FROM node:24-bookworm-slim AS base
WORKDIR /app
# Install scripts are off: `prepare` would build before the sources are copied. The build is a separate step below.
ENV NPM_CONFIG_IGNORE_SCRIPTS=true NPM_CONFIG_AUDIT=false NPM_CONFIG_FUND=false NPM_CONFIG_UPDATE_NOTIFIER=false
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY config config
COPY src src
COPY workers workers
COPY templates templates
COPY locales locales
# The repository stays out of the image, so `--version` has the commit from here. It is set late to keep the layers above.
ARG PAPERROUND_COMMIT=""
RUN npm run build
# Keeps the data files in src that the program reads at run time: the sample papers and the website's assets.
RUN find src -type f \( -name '*.ts' -o -name '*.tsx' \) -delete && find src -type d -empty -delete

FROM base AS production
RUN npm ci --omit=dev

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production DATA_DIR=/data PORT=3000
# The program finds its templates and samples next to package.json.
COPY package.json LICENSE ./
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src src
COPY templates templates
COPY locales locales
# Used by the embedded database (without DATABASE_URL), by the outbox transport, and for unsubscribes during a database outage.
RUN install -d -o node -g node -m 700 /data
VOLUME /data
USER node
EXPOSE 3000
# For `start` and `web`. Disable it for a scheduler or a worker, which listens on no port by default.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell or npm in between, so that SIGTERM reaches the program and it can finish its calls.
ENTRYPOINT ["node", "dist/src/cli/main.js"]
CMD ["start"]
