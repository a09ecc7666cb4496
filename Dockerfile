# Builds the program and puts it alone into an image without a shell, a package manager or root.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --locked --release --bin tierline \
    && install -D target/release/tierline /out/tierline \
    && install -d -m 700 /out/data

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/tierline /usr/local/bin/tierline
# The database and the key live here: mount a volume. Everything else may be read-only (docker run --read-only).
COPY --from=build --chown=nonroot:nonroot /out/data /srv/tierline/data
WORKDIR /srv/tierline
VOLUME /srv/tierline/data
ENV TIERLINE__HTTP__LISTEN=0.0.0.0:8088
EXPOSE 8088
ENTRYPOINT ["/usr/local/bin/tierline"]
CMD ["run"]
