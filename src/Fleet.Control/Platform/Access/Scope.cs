namespace Fleet.Control.Platform.Access;

/// <summary>What a key may do, as a set of bits. <see cref="Admin"/> includes all the others.</summary>
[Flags]
internal enum Scope
{
    None = 0,
    JobsCreate = 1 << 0,
    JobsRead = 1 << 1,
    JobsUpdate = 1 << 2,
    DatasetsRead = 1 << 3,
    DatasetsCreate = 1 << 4,
    JupyterManage = 1 << 5,
    JupyterRead = 1 << 6,
    BackupsRead = 1 << 7,
    BackupsManage = 1 << 8,
    ChatUse = 1 << 9,
    AgentsRead = 1 << 10,
    AgentsManage = 1 << 11,
    SchedulesRead = 1 << 12,
    SchedulesCreate = 1 << 13,
    SchedulesUpdate = 1 << 14,
    WebhooksRead = 1 << 15,
    WebhooksManage = 1 << 16,
    Admin = 1 << 17,
}
