# The web console. Build from the checkout: docker build -f compose/console.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /checkout
COPY . .
RUN dotnet publish src/Fleet.Console -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# curl asks /health/ready
RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
WORKDIR /app
RUN mkdir /data && chown $APP_UID /data
USER $APP_UID
ENV Urls=http://0.0.0.0:7301 DOTNET_gcServer=0
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD curl -sf http://127.0.0.1:7301/health/ready
ENTRYPOINT ["dotnet", "Fleet.Console.dll"]
