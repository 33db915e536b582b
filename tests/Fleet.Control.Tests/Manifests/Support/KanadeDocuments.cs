namespace Fleet.Control.Tests.Manifests.Support;

/// <summary>
/// Documents as operators write them: with comments where the reader needs them, folded and literal scripts, hints for other tools,
/// and quotes of every kind. Those of schedules name jobs of the first half.
/// </summary>
internal static class KanadeDocuments
{
    public static IReadOnlyList<string> Jobs { get; } =
    [
        """
        # Inventory of disks.
        #   asked every night, see schedule "nightly-disks"
        id: doc-disks
        version: "1.4.0"     # quoted, or it would be a number
        description: >-
          Lists disks with their size
          and how full they are.
        execute:
          shell: sh
          timeout: 2m
          script: |
            # a comment of the script, not of the document
            df -P | tail -n +2 | while read -r dev size used free pct at; do
              printf '%s\t%s\n' "$at" "$pct"
            done
        inventory:
          table: disks
          columns: [mount, {name: full, type: percent}]
        tags: [nightly, 'disks & mounts']

        """,
        "id: doc-oneline\nversion: '2'\nexecute: {shell: bash, timeout: 30s, script: 'echo \"it''s one line\"'}\n",
        "id: doc-noeol\nversion: v3\nexecute:\n  shell: sh\n  timeout: 1s\n  script: exit 0",
        "# with the line ends of another system\r\nid: doc-crlf\r\nversion: \"1\"\r\nexecute:\r\n  shell: cmd\r\n  timeout: 5m\r\n  script: |\r\n    @echo off\r\n    ver\r\n",
        """
        ---
        id: doc-folded
        version: 0.0.1-rc.1
        execute:
          shell: pwsh
          timeout: 1h 30m
          script: >
            Get-Service |
            Where-Object Status -eq Running |

            Sort-Object Name


            exit 0
        staleness:
          mode: strict
          max_cache_age: 10m

        """,
        """
        id:      doc-aligned
        version: "10"
        execute:
            shell:   powershell      # four blanks deep
            timeout: 45s
            run_as:  system
            script:  |-
                $ErrorActionPreference = "Stop"
                Write-Output "ohne Umlaute: äöü, 漢字, 🚀"
        emit: {kind: event, severity: low}
        check:
            exit_codes: {0: ok, 1: warning, "2": critical}

        """,
        """
        id: "doc-quoted"
        'version': '1.0'
        "description": "a \"quoted\" word, a tab\tand a backslash \\"
        execute: {"shell": "sh", "timeout": "10s", "script": "printf '%s\n' \"$HOME\""}

        """,
        """
        id: doc-params
        version: "7"
        require_approval: true
        execute:
          shell: sh
          timeout: 15s
          cwd: /tmp
          script: |+
            echo "$FLEET_PARAM_TARGET $FLEET_PARAM_DEPTH"


        parameters:
          - name: target
            required: true          # no default: somebody has to say
          - {name: depth, type: integer, default: 3}
        client: {form: {order: [target, depth]}}

        """,
        """{"id":"doc-json","version":"1","description":null,"execute":{"shell":"sh","timeout":"30s","script":"echo json"},"collect":{"odd":[1,2.50,1e3,null,true,"\u00e4"]}}""",
        """
        {
            "id" : "doc-pretty",
            "version" : "1",
            "execute" : { "shell" : "bash", "timeout" : "1m",
                "script" : "set -eu\necho pretty\n" },
            "origin" : { "repo" : "https://example.org/ops.git", "path" : "jobs/pretty.json" }
        }

        """,
        """
        # the last comment is longer than the document
        id: doc-hints
        version: "3.1"
        execute:
          shell: sh
          timeout: 20s
          script: uptime
        finalize:
          when: always
          then: ["notify", ~]
        collect:
          files:
            - path: /var/log/*.log
              max: 1.50
        # eof
        #
        #

        """,
        "id: doc-tabs\nversion: \"1\"\n#\tcomments may have tabs\nexecute:\n  shell: sh\n  timeout: 3s\n  script: |\n    cat <<-EOF\n    \tindented with a tab\n    EOF\n\n\n",
    ];

    public static IReadOnlyList<string> Schedules { get; } =
    [
        "id: nightly-disks   # at night\njob_id: doc-disks\nwhen:\n  calendar:\n    at: \"02:30\"\n    days: [mon-fri]\ntz: utc\ntarget: {all: true}\nenabled: false\n",
        """
        id: each-hour
        job_id: doc-oneline
        when: {per_pc: {every: 1h}}
        target: {groups: [web, 'db servers']}
        constraints:
          window: "22:00-06:00"     # over midnight
          skip_dates: [2030-12-24, "2030-12-25"]
          max_concurrent: 5
        enabled: false

        """,
        "id: once-each\njob_id: doc-params\nwhen: {per_pc: once_per_version}\nruns_on: agent\ntarget:\n  pcs:\n  - web-1\n  - \"web-2\"\nenabled: false\njitter: 90s\n",
        "id: at-start\r\njob_id: doc-crlf\r\nwhen:\r\n  on: [startup, logon]\r\nruns_on: agent\r\ntarget: {all: true}\r\nenabled: false\r\n",
        """
        id: one-of-all
        job_id: doc-hints
        when: {per_target: {every: "1d"}}
        active: {from: 2030-01-01, until: "2031-01-01T00:00:00Z"}
        starting_deadline: 10m
        on_failure: {retry: {max: 3, backoff: 30s}}
        target: {groups: [canary]}
        enabled: false
        tags: [odd, quoting]
        description: 'it''s one of all'

        """,
        "id: a-date\njob_id: doc-folded\nwhen: {calendar: {at: 2031-02-03 04:05}}\ntarget: {all: true}\nenabled: false",
        """
        id: in-waves
        job_id: doc-json
        when: {calendar: {at: '09:00', days: [tue#2, friL]}}
        rollout:
          strategy: wave
          waves:
            - {group: canary, delay: 0s}
            - group: rest
              delay: 1h 30m
        enabled: false

        """,
        "{id: in-brackets, job_id: doc-pretty, when: {per_pc: once}, target: {all: true}, enabled: false, tz: local}   # and a comment\n",
    ];
}
