namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// The statements about deliveries. A queue's row is always locked before its deliveries, and counts those that wait, so
/// that it goes exactly when nothing is owed any more.
/// </summary>
internal static class DeliverySql
{
    public const string Waiting = "waiting";
    public const string Delivered = "delivered";
    public const string Dead = "dead";

    /// <summary>What becomes owed: to the URL of the work itself, and to every endpoint that subscribed.</summary>
    public const string Owe =
        """
        with news as (
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) with ordinality
                as fresh(event_id, tenant, type, about, at, url, target, data, artifacts_at, own_data, inline_at, place)
        ), owed as (
            select event_id, tenant, type, about, at, url, target, coalesce(own_data, data) as data,
                   case when own_data is null then artifacts_at else inline_at end as artifacts_at,
                   own_data is not null as inline_artifacts, place,
                   '00000000-0000-0000-0000-000000000000'::uuid as endpoint_id
            from news where url is not null
            union all
            select event_id, news.tenant, type, about, at, null, 'endpoint:' || endpoint.id, data, artifacts_at, false,
                   place, endpoint.id
            from news join webhook_endpoints endpoint on endpoint.tenant = news.tenant and endpoint.enabled
                and (type = any(endpoint.event_types) or split_part(type, '.', 1) || '.*' = any(endpoint.event_types))
        ), queues as (
            insert into webhook_queues (endpoint_id, about, target, owed, due_at)
            select endpoint_id, about, min(target), count(*), now() from owed
            group by endpoint_id, about order by endpoint_id, about
            on conflict (endpoint_id, about) do update set owed = webhook_queues.owed + excluded.owed
        )
        insert into webhook_deliveries (
            id, event_id, tenant, endpoint_id, about, type, url, occurred_at, data, artifacts_at, inline_artifacts, state,
            owed_at, attempts)
        select gen_random_uuid(), event_id, tenant, endpoint_id, about, type, url, at, data, artifacts_at,
               inline_artifacts, 'waiting', now(), 0
        from owed order by place
        """;

    /// <summary>
    /// Takes queues that are due and that nobody has: of each receiver as many as $4 and $5 have room for, or $6.
    /// </summary>
    public const string Claim =
        """
        update webhook_queues queue set claim = $1, claimed_until = now() + $2
        from (
            select endpoint_id, about, target, row_number() over (partition by target order by due_at) as place
            from (
                select endpoint_id, about, target, due_at from webhook_queues
                where due_at <= now() and (claimed_until is null or claimed_until < now())
                    and target <> all(select known.target from unnest($4, $5) as known(target, room) where room <= 0)
                order by due_at limit $3 for update skip locked) due
        ) chosen left join unnest($4, $5) as known(target, room) using (target)
        where queue.endpoint_id = chosen.endpoint_id and queue.about = chosen.about and place <= coalesce(room, $6)
        returning queue.endpoint_id, queue.about, queue.target
        """;

    /// <summary>Gives a queue back as it is.</summary>
    public const string Release =
        "update webhook_queues set claim = null, claimed_until = null where endpoint_id = $1 and about = $2 and claim = $3";

    /// <summary>Keeps the queue and reads what is next; nothing when somebody else has the queue.</summary>
    public const string Next =
        """
        with queue as (
            update webhook_queues set claimed_until = now() + $4 where endpoint_id = $1 and about = $2 and claim = $3
            returning 1)
        select delivery.id, delivery.event_id, delivery.type, delivery.occurred_at, delivery.data, delivery.artifacts_at,
               delivery.attempts, coalesce(delivery.url, endpoint.url), coalesce(endpoint.enabled, false), endpoint.secret,
               case when endpoint.former_secret_until > now() then endpoint.former_secret end,
               delivery.inline_artifacts
        from webhook_deliveries delivery left join webhook_endpoints endpoint on endpoint.id = delivery.endpoint_id
        where exists (select from queue)
            and delivery.endpoint_id = $1 and delivery.about = $2 and delivery.state = 'waiting'
        order by delivery.position limit 1
        """;

    /// <summary>It failed and waits.</summary>
    public const string Postpone =
        $"""
        with queue as (
            update webhook_queues set due_at = now() + $5, claim = null, claimed_until = null
            where endpoint_id = $1 and about = $2 and claim = $3 returning 1)
        update webhook_deliveries set {Attempt}
        where id = $4 and state = 'waiting' and exists (select from queue)
        """;

    /// <summary>It was told, or is given up; the next of the queue is due.</summary>
    public const string Settle =
        $"""
        with queue as (
            update webhook_queues set owed = owed - 1, due_at = now()
            where endpoint_id = $1 and about = $2 and claim = $3 returning 1)
        update webhook_deliveries set state = $5, settled_at = now(), {Attempt}
        where id = $4 and state = 'waiting' and exists (select from queue)
        """;

    public const string DropLane =
        "delete from webhook_queues where endpoint_id = $1 and about = $2 and claim = $3 and owed <= 0";

    /// <summary>Makes settled deliveries owed again, in their old place.</summary>
    /// <param name="which">A condition on <c>webhook_deliveries</c>.</param>
    /// <param name="most">At most so many, oldest first.</param>
    public static string Again(string which, int most) =>
        $"""
        with settled as (
            select id, endpoint_id, about, url from webhook_deliveries
            where state <> 'waiting' and {which}
            order by position limit {most} for update skip locked
        ), queues as (
            insert into webhook_queues (endpoint_id, about, target, owed, due_at)
            select endpoint_id, about, min(coalesce(substring(url from '^[^:]+://[^/?#]+'), 'endpoint:' || endpoint_id)),
                   count(*), now()
            from settled group by endpoint_id, about order by endpoint_id, about
            on conflict (endpoint_id, about) do update set owed = webhook_queues.owed + excluded.owed
        )
        update webhook_deliveries set state = 'waiting', owed_at = now(), settled_at = null, attempts = 0
        where id in (select id from settled)
        """;

    /// <summary>What waited for longer than $1 is dead, where nobody tells it at this moment.</summary>
    /// <param name="most">At most so many queues.</param>
    public static string GiveUp(int most) =>
        $"""
        with queues as (
            select endpoint_id, about from webhook_queues
            where (claimed_until is null or claimed_until < now()) and (endpoint_id, about) in (
                select endpoint_id, about from webhook_deliveries where state = 'waiting' and owed_at < now() - $1)
            limit {most} for update skip locked
        ), old as (
            update webhook_deliveries delivery set state = 'dead', settled_at = now(),
                last_error = coalesce(last_error, 'The receiver could not be called in all this time.')
            from queues
            where delivery.endpoint_id = queues.endpoint_id and delivery.about = queues.about
                and state = 'waiting' and owed_at < now() - $1
            returning delivery.endpoint_id, delivery.about
        ), fewer as (
            select endpoint_id, about, count(*) as dead from old group by endpoint_id, about
        )
        update webhook_queues queue set owed = owed - dead, claim = null, claimed_until = null from fewer
        where queue.endpoint_id = fewer.endpoint_id and queue.about = fewer.about
        """;

    public const string DropEmptyQueues = "delete from webhook_queues where owed <= 0";

    /// <summary>Deletes what was settled longer ago than $1.</summary>
    public static string Forget(int most) =>
        $"""
        delete from webhook_deliveries where id in (
            select id from webhook_deliveries where state <> 'waiting' and settled_at < now() - $1 limit {most})
        """;

    private const string Attempt =
        """
        attempts = attempts + 1, last_at = now(), last_url = $6, last_headers = $7, last_status = $8,
                last_answer = $9, last_error = $10, last_milliseconds = $11
        """;
}
