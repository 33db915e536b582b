using Fleet.Control.Webhooks.Deliveries;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Fleet.Control.Webhooks;

internal sealed class WebhookTables :
    IEntityTypeConfiguration<WebhookEndpoint>,
    IEntityTypeConfiguration<DeliveryQueue>,
    IEntityTypeConfiguration<WebhookDelivery>
{
    public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
    {
        builder.ToTable("webhook_endpoints");
        builder.HasKey(endpoint => endpoint.Id);
        builder.Property(endpoint => endpoint.Id).ValueGeneratedNever();
        builder.HasIndex(endpoint => new { endpoint.Tenant, endpoint.Id }).HasDatabaseName("ix_webhook_endpoints_tenant");
    }

    public void Configure(EntityTypeBuilder<DeliveryQueue> builder)
    {
        builder.ToTable("webhook_queues");
        builder.HasKey(queue => new { queue.EndpointId, queue.About });
        builder.HasIndex(queue => queue.DueAt).HasDatabaseName("ix_webhook_queues_due");
    }

    public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
    {
        builder.ToTable("webhook_deliveries");
        builder.HasKey(delivery => delivery.Id);
        builder.Property(delivery => delivery.Id).ValueGeneratedNever();
        builder.Property(delivery => delivery.Position).UseIdentityAlwaysColumn();
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.About, delivery.Position })
            .HasDatabaseName("ix_webhook_deliveries_waiting").HasFilter("state = 'waiting'");
        builder.HasIndex(delivery => delivery.OwedAt)
            .HasDatabaseName("ix_webhook_deliveries_owed").HasFilter("state = 'waiting'");
        builder.HasIndex(delivery => delivery.SettledAt)
            .HasDatabaseName("ix_webhook_deliveries_settled").HasFilter("state <> 'waiting'");
        builder.HasIndex(delivery => new { delivery.EndpointId, delivery.Position })
            .HasDatabaseName("ix_webhook_deliveries_endpoint");
        builder.HasIndex(delivery => new { delivery.Tenant, delivery.Position })
            .HasDatabaseName("ix_webhook_deliveries_tenant");
        builder.HasIndex(delivery => new { delivery.About, delivery.Position })
            .HasDatabaseName("ix_webhook_deliveries_about");
    }
}
