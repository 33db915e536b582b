using MudBlazor;

namespace Fleet.Console.Layout;

/// <summary>Colours, with a contrast of at least 4.5 : 1 of each text to its ground.</summary>
internal static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3344a5",
            Secondary = "#0b6b61",
            Success = "#17693f",
            Error = "#ab1f18",
            Warning = "#7a4a00",
            Info = "#0b559c",
            Background = "#f4f6f9",
            Surface = "#ffffff",
            AppbarBackground = "#1d2542",
            AppbarText = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#2b3442",
            DrawerIcon = "#48566a",
            TextPrimary = "#18202c",
            TextSecondary = "#48566a",
            LinesDefault = "#d9dfe7",
            TableLines = "#e4e9f0",
            Divider = "#d9dfe7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a9b4ff",
            PrimaryContrastText = "#10141f",
            Secondary = "#6fd6c8",
            Success = "#63d69b",
            Error = "#ff9b92",
            Warning = "#ffc871",
            Info = "#86c6ff",
            Background = "#0f141b",
            Surface = "#182029",
            AppbarBackground = "#141a2c",
            AppbarText = "#f1f4fa",
            DrawerBackground = "#131a22",
            DrawerText = "#d4dce6",
            DrawerIcon = "#a8b4c2",
            TextPrimary = "#e8edf4",
            TextSecondary = "#aab6c4",
            LinesDefault = "#2b3644",
            TableLines = "#26303d",
            Divider = "#2b3644",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem" } },
        LayoutProperties = new LayoutProperties { DrawerWidthLeft = "212px", DefaultBorderRadius = "6px", AppbarHeight = "48px" },
    };
}
