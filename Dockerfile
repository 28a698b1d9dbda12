# docker build -t headrace . && docker run --rm -v "$PWD:/data" headrace simulate mine.yaml
# Serve streams: write a long random word to the file token, then
# docker run --rm -p 8080:8080 -v "$PWD:/data" headrace live serve.yaml --serve --address 0.0.0.0 --port 8080 --token-file token
FROM node:22-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /headrace
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm pack --pack-destination /tmp
WORKDIR /app
# The queue's packages are optional in the package; a worker of a cluster needs them.
RUN echo '{"private":true}' > package.json \
  && npm install --no-audit --no-fund /tmp/headrace-*.tgz bullmq@6 ioredis@5 \
  && node node_modules/headrace/bin/headrace.js doctor --build-native --quiet

FROM node:22-slim
COPY --from=build /app /app
RUN ln -s /app/node_modules/headrace/bin/headrace.js /usr/local/bin/headrace
USER node
WORKDIR /data
EXPOSE 8080
ENTRYPOINT ["headrace"]
