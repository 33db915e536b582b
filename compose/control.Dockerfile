# The control plane. Build from the checkout: docker build -f compose/control.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /checkout
COPY . .
RUN dotnet publish src/Fleet.Control -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl asks /health/ready
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
# A volume takes its owner from the directory it is first mounted over
RUN install -d -m 700 -o $APP_UID /keys
COPY --from=build /app /app
WORKDIR /app
USER $APP_UID
ENV Urls=http://0.0.0.0:7001 Access__AdminKeyFile=/keys/admin.key DOTNET_gcServer=0 MASSTRANSIT_USAGE_TELEMETRY=false
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD curl -sf http://127.0.0.1:7001/health/ready
ENTRYPOINT ["dotnet", "Fleet.Control.dll"]
