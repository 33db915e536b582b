# An agent host's worker; its jobs run inside the container. Build from the checkout: docker build -f compose/worker.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /checkout
COPY . .
RUN dotnet publish src/Fleet.Worker -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl enrols the worker (see compose.yaml) and is what many jobs need; restic backs up
RUN apt-get update && apt-get install -y --no-install-recommends curl restic && rm -rf /var/lib/apt/lists/*
# Volumes take their owner from the directory they are first mounted over
RUN install -d -m 700 -o $APP_UID /keys /var/lib/fleet-worker
COPY --from=build /app /app
WORKDIR /app
# It keeps of root's rights only those by which it starts jobs as other users; jobs get none
ENV Worker__EnrolmentTokenFile=/keys/enrolment Worker__WorkDirectory=/var/lib/fleet-worker DOTNET_gcServer=0 MASSTRANSIT_USAGE_TELEMETRY=false
ENTRYPOINT ["setpriv", "--reuid=1654", "--regid=1654", "--clear-groups", "--no-new-privs", \
  "--inh-caps=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid", \
  "--ambient-caps=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid", \
  "dotnet", "Fleet.Worker.dll"]
