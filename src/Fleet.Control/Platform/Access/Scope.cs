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
    ChatCreate = 1 << 9,
    ChatRead = 1 << 10,
    ChatUpdate = 1 << 11,
    AgentsRead = 1 << 12,
    AgentsManage = 1 << 13,
    SchedulesRead = 1 << 14,
    SchedulesCreate = 1 << 15,
    SchedulesUpdate = 1 << 16,
    WebhooksRead = 1 << 17,
    WebhooksManage = 1 << 18,
    Admin = 1 << 19,
}
