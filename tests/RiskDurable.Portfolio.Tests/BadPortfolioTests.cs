namespace RiskDurable.Portfolio.Tests;

/// <summary>Every refusal of a portfolio's definition, with its message.</summary>
public sealed class BadPortfolioTests
{
    private const string Good =
        """
        { "schema": "riskdurable/portfolio/1", "id": "demo", "currency": "USD", "fx": { "EUR": 1.08 }, "trials": 10, "yet": "yet.csv",
          "elts": { "E1": { "file": "elts/one.csv", "currency": "EUR" } }, "rollup": ["lob"],
          "deals": [
            { "id": "A", "currency": "USD", "tags": { "lob": "x" }, "layers": [
              { "id": "L1", "subject": [ { "elt": "E1" } ], "occurrenceRetention": 1, "occurrenceLimit": 10, "share": 0.5, "position": "assumed",
                "premium": 3, "reinstatements": [ { "count": 1, "rate": 1 } ] },
              { "id": "L2", "subject": [ { "elt": "E2" }, { "layer": "A/L1", "factor": -1 } ] } ] },
            { "id": "B", "currency": "EUR", "layers": [ { "id": "L1", "subject": [ { "layer": "A/L2" } ] } ] } ] }
        """;

    /// <summary>What is replaced in the good portfolio, by what, and the only problem that this makes.</summary>
    public static TheoryData<string, string, string> Refusals => new()
    {
        // Syntax and structure
        { "\"trials\": 10,", "\"trials\": 10,,", "line 1, column 109: This is not valid JSON:" },
        { Good, "[]", "$: An object with 'schema', 'id', 'name'" },
        { Good, "", "line 1, column 1: This is not valid JSON:" },
        { "\"demo\"", "\"a\u0007\"", "line 1, column 48: This is not valid JSON:" },
        { "\"demo\"", "\"\\ud800\"", "$.id: The text has half of a surrogate pair" },
        { "\"demo\"", "\"a\\tb\"", "$.id: The text has a control character" },
        { "\"trials\": 10", "\"trials\": NaN", "line 1, column 106: This is not valid JSON:" },

        // Fields of the portfolio
        { "riskdurable/portfolio/1", "riskdurable/portfolio/2", "$.schema: This version does not know the schema 'riskdurable/portfolio/2'; it reads 'riskdurable/portfolio/1'." },
        { "riskdurable/portfolio/1", "other", "$.schema: This version does not know the schema 'other'" },
        { "\"schema\": \"riskdurable/portfolio/1\", ", "", "$: The field 'schema' is missing; it gives the version of the format" },
        { "\"id\": \"demo\", ", "", "$: The field 'id' is missing" },
        { "\"id\": \"demo\"", "\"id\": \"\"", "$.id: The text is empty" },
        { "\"id\": \"demo\"", "\"id\": 7", "$.id: A text in quotes was expected, but this is the number 7." },
        { "\"id\": \"demo\"", "\"id\": \"demo\", \"id\": \"again\"", "$.id: The field 'id' is given twice; keep one." },
        { "\"currency\": \"USD\", \"fx\"", "\"fx\"", "$: The field 'currency' is missing; it gives the reporting currency" },
        { "\"trials\": 10, ", "", "$: The field 'trials' is missing" },
        { "\"trials\": 10", "\"trials\": 0", "$.trials: the number 0 is not a whole number from 1 to 100000000." },
        { "\"trials\": 10", "\"trials\": 2.5", "$.trials: the number 2.5 is not a whole number" },
        { "\"trials\": 10", "\"trials\": 100000001", "$.trials: the number 100000001 is not a whole number" },
        { "\"trials\": 10", "\"trials\": \"10\"", "$.trials: A number was expected, but this is the text \"10\"." },
        { "\"trials\": 10", "\"trial\": 10, \"trials\": 10", "$.trial: There is no field 'trial' here. Did you mean 'trials'?" },
        { "\"trials\": 10", "\"trials\": 10, \"trialsFile\": \"trials.csv\"", "$.trialsFile: The file 'trials.csv' is missing in memory." },
        { "\"trials\": 10", "\"trials\": 10, \"trialsFile\": 7", "$.trialsFile: A text in quotes was expected, but this is the number 7." },
        { "\"yet\": \"yet.csv\",", "", "$: The field 'yet' is missing" },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"other.csv\"", "$.yet: The file 'other.csv' is missing in memory." },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"yet.xlsx\"", "$.yet: The file 'yet.xlsx' is neither '.csv' nor '.parquet'" },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"../yet.csv\"", "$.yet: The path '../yet.csv' is refused: its part '..' is not allowed" },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"/etc/yet.csv\"", "$.yet: The path '/etc/yet.csv' is refused: it must be relative" },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"c:/yet.csv\"", "$.yet: The path 'c:/yet.csv' is refused: it must be relative" },
        { "\"yet\": \"yet.csv\"", "\"yet\": \"a\\\\yet.csv\"", "$.yet: The path 'a\\yet.csv' is refused: it has a '\\'" },
        { "[\"lob\"]", "[\"lob\", \"lob\"]", "$.rollup[1]: The tag 'lob' is a level already" },
        { "[\"lob\"]", "[\"deal\"]", "$.rollup[0]: 'deal' is the name of a level that every hierarchy has" },
        { "[\"lob\"]", "[7]", "$.rollup[0]: A text in quotes was expected, but this is the number 7." },
        { "[\"lob\"]", "\"lob\"", "$.rollup: An array of tag names was expected, but this is the text \"lob\"." },

        // Currencies
        { "\"EUR\": 1.08", "\"EUR\": 0", "$.fx.EUR: The rate 0 is not positive." },
        { "\"EUR\": 1.08", "\"EUR\": -1", "$.fx.EUR: The rate -1 is not positive." },
        { "\"EUR\": 1.08", "\"EUR\": 1e999", "$.fx.EUR: the number 1e999 is too large to be finite" },
        { "\"EUR\": 1.08", "\"EUR\": 1.08, \"EUR\": 1.1", "$.fx.EUR: The rate of 'EUR' is given twice" },
        { "\"EUR\": 1.08", "\"EUR\": 1.08, \"USD\": 2", "$.fx.USD: 'USD' is the reporting currency; its rate is 1, not 2." },
        { "{ \"EUR\": 1.08 }", "[1]", "$.fx: An object of rates such as" },
        { "\"B\", \"currency\": \"EUR\"", "\"B\", \"currency\": \"EUS\"", "$.deals[1].currency: The currency 'EUS' has no rate in 'fx' of portfolio.json. Did you mean 'EUR'?" },
        { "\"currency\": \"EUR\" } }", "\"currency\": \"CHF\" } }", "$.elts.E1.currency: The currency 'CHF' has no rate" },

        // ELTs
        { "\"elt\": \"E2\"", "\"elt\": \"E3\"", "$.deals[0].layers[1].subject[0].elt: The ELT 'E3' has neither 'elts/E3.csv' nor 'elts/E3.parquet'; add the file, or name another in 'elts'. Did you mean 'E1'?" },
        { "\"elt\": \"E2\"", "\"elt\": \"both\"", "$.deals[0].layers[1].subject[0].elt: The ELT 'both' has both 'elts/both.csv' and 'elts/both.parquet'" },
        { "\"elt\": \"E2\"", "\"elt\": \"../E2\"", "$.deals[0].layers[1].subject[0].elt: The ELT id '../E2' is no file name" },
        { "elts/one.csv", "elts/none.csv", "$.elts.E1.file: The file 'elts/none.csv' is missing" },
        { "\"file\": \"elts/one.csv\"", "\"path\": \"elts/one.csv\"", "$.elts.E1.path: There is no field 'path' here. Known are 'file', 'currency'." },
        { "{ \"file\": \"elts/one.csv\", \"currency\": \"EUR\" }", "\"x\"", "$.elts.E1: An object with 'file', 'currency' was expected, but this is the text \"x\"." },

        // Deals
        { "\"deals\"", "\"dealz\"", "$.dealz: There is no field 'dealz' here. Did you mean 'deals'?|$: The deals are missing" },
        { "\"rollup\"", "\"dealsFile\": \"d.jsonl\", \"rollup\"", "$: Both 'deals' and 'dealsFile' are given; keep one." },
        { "\"id\": \"B\"", "\"id\": \"A\"", "$.deals[1].id: There is another deal 'A', at $.deals[0]" },
        { "\"id\": \"B\", ", "", "$.deals[1]: The field 'id' is missing" },
        { "\"id\": \"B\", \"currency\": \"EUR\"", "\"id\": \"B\"", "$.deals[1]: The field 'currency' is missing" },
        { "\"tags\": { \"lob\": \"x\" }", "\"tags\": { \"lob\": 5 }", "$.deals[0].tags.lob: A text in quotes was expected, but this is the number 5." },
        { "\"tags\": { \"lob\": \"x\" }", "\"tags\": { \"lob\": \"x\", \"lob\": \"y\" }", "$.deals[0].tags.lob: The tag 'lob' is given twice" },
        { "\"tags\": { \"lob\": \"x\" }", "\"tags\": []", "$.deals[0].tags: An object of texts such as" },
        { "[ { \"id\": \"L1\", \"subject\": [ { \"layer\": \"A/L2\" } ] } ]", "[]", "$.deals[1].layers: The deal has no layer" },
        { "{ \"id\": \"B\", \"currency\": \"EUR\", \"layers\": [ { \"id\": \"L1\", \"subject\": [ { \"layer\": \"A/L2\" } ] } ] }", "3", "$.deals[1]: An object with 'id', 'name'" },

        // Layers
        { "\"id\": \"L2\"", "\"id\": \"L1\"", "$.deals[0].layers[1].id: The deal has another layer 'L1', at $.deals[0].layers[0]|$.deals[1].layers[0].subject[0].layer: There is no layer 'A/L2'; a reference is '<deal>/<layer>'. Did you mean 'A/L1'?" },
        { "\"occurrenceLimit\"", "\"occurenceLimit\"", "$.deals[0].layers[0].occurenceLimit: There is no field 'occurenceLimit' here. Did you mean 'occurrenceLimit'?|$.deals[0].layers[0].reinstatements: A reinstatement restores the occurrence limit" },
        { "\"occurrenceRetention\": 1", "\"occurrenceRetention\": -1", "$.deals[0].layers[0].occurrenceRetention: the number -1 is negative; an amount is at least 0." },
        { "\"occurrenceRetention\": 1", "\"occurrenceRetention\": null", "$.deals[0].layers[0].occurrenceRetention: A number was expected, but this is null. Leave the field out" },
        { "\"occurrenceRetention\": 1", "\"aggregateLimit\": \"Infinity\"", "$.deals[0].layers[0].aggregateLimit: A number was expected, but this is the text \"Infinity\". Write the number without quotes; for 'unlimited' leave the field out." },
        { "\"occurrenceRetention\": 1", "\"franchise\": -0.5", "$.deals[0].layers[0].franchise: the number -0.5 is negative" },
        { "\"occurrenceRetention\": 1", "\"aggregateRetention\": 1e400", "$.deals[0].layers[0].aggregateRetention: the number 1e400 is too large to be finite" },
        { "\"premium\": 3", "\"premium\": -3", "$.deals[0].layers[0].premium: the number -3 is negative" },
        { "\"share\": 0.5", "\"share\": 1.01", "$.deals[0].layers[0].share: 1.01 is outside [0, 1]; write 25 % as 0.25." },
        { "\"share\": 0.5", "\"share\": -0.1", "$.deals[0].layers[0].share: -0.1 is outside [0, 1]" },
        { "\"assumed\"", "\"cedded\"", "$.deals[0].layers[0].position: There is no position 'cedded'. Did you mean 'ceded'?" },
        { "\"assumed\"", "1", "$.deals[0].layers[0].position: A text in quotes was expected" },
        { "\"occurrenceLimit\": 10, ", "", "$.deals[0].layers[0].reinstatements: A reinstatement restores the occurrence limit; give a positive 'occurrenceLimit'." },
        { "\"occurrenceLimit\": 10", "\"occurrenceLimit\": 0", "$.deals[0].layers[0].reinstatements: A reinstatement restores the occurrence limit" },
        { "\"count\": 1", "\"count\": 0", "$.deals[0].layers[0].reinstatements[0].count: the number 0 is not a whole number from 1" },
        { "\"count\": 1", "\"count\": 1.5", "$.deals[0].layers[0].reinstatements[0].count: the number 1.5 is not a whole number from 1" },
        { "\"count\": 1, ", "", "$.deals[0].layers[0].reinstatements[0]: The field 'count' is missing" },
        { "\"rate\": 1", "\"rate\": -1", "$.deals[0].layers[0].reinstatements[0].rate: The rate -1 is negative" },
        { ", \"rate\": 1", "", "$.deals[0].layers[0].reinstatements[0]: The field 'rate' is missing" },
        { "[ { \"elt\": \"E1\" } ]", "[]", "$.deals[0].layers[0].subject: The subject is empty" },
        { "\"subject\": [ { \"elt\": \"E1\" } ], ", "", "$.deals[0].layers[0]: The field 'subject' is missing" },
        { "{ \"elt\": \"E1\" }", "{ }", "$.deals[0].layers[0].subject[0]: The term names neither an 'elt' nor a 'layer'" },
        { "{ \"elt\": \"E1\" }", "{ \"elt\": \"E1\", \"layer\": \"B/L1\" }", "$.deals[0].layers[0].subject[0]: The term names both an 'elt' and a 'layer'" },
        { "\"factor\": -1", "\"factor\": 1e999", "$.deals[0].layers[1].subject[1].factor: the number 1e999 is too large to be finite" },
        { "\"factor\": -1", "\"factor\": true", "$.deals[0].layers[1].subject[1].factor: A number was expected, but this is true." },

        // References
        { "\"layer\": \"A/L2\"", "\"layer\": \"A/L3\"", "$.deals[1].layers[0].subject[0].layer: There is no layer 'A/L3'; a reference is '<deal>/<layer>'. Did you mean 'A/L1'?" },
        { "\"layer\": \"A/L2\"", "\"layer\": \"L2\"", "$.deals[1].layers[0].subject[0].layer: There is no layer 'L2'" },
        { "\"layer\": \"A/L2\"", "\"layer\": \"B/L1\"", "$.deals[1].layers[0].subject[0]: The layers refer to each other in a cycle: 'B/L1' -> 'B/L1'." },
        { "{ \"elt\": \"E1\" }", "{ \"layer\": \"B/L1\" }", "$.deals[0].layers[1].subject[1]: The layers refer to each other in a cycle: 'A/L1' -> 'B/L1' -> 'A/L2' -> 'A/L1'." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_portfolio_is_refused_with_the_place_and_the_reason(string find, string replacement, string expected)
    {
        Assert.Contains(find, Good, StringComparison.Ordinal);
        int at = Good.IndexOf(find, StringComparison.Ordinal);
        string[] problems = Folder(Good[..at] + replacement + Good[(at + find.Length)..]).Problems();
        string[] starts = expected.Split('|');
        Assert.Equal(starts.Length, problems.Length);
        Assert.All(starts, start => Assert.Contains(problems, problem => problem.StartsWith("portfolio.json: " + start, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_portfolio_that_these_are_made_from_is_good() => Assert.Empty(Folder(Good).Problems());

    [Fact]
    public void Everything_that_is_wrong_comes_in_one_answer()
    {
        string bad = Good
            .Replace("\"trials\": 10", "\"trials\": 0", StringComparison.Ordinal)
            .Replace("\"share\": 0.5", "\"share\": 5", StringComparison.Ordinal)
            .Replace("A/L2", "A/L9", StringComparison.Ordinal)
            .Replace("yet.csv", "no.csv", StringComparison.Ordinal);
        Assert.Equal(4, Folder(bad).Problems().Length);
    }

    [Fact]
    public void A_folder_without_a_portfolio_is_refused() =>
        Assert.Equal(["portfolio.json: This file is missing in memory; it makes a folder a portfolio."], new PortfolioFolder().Problems());

    [Fact]
    public void Text_that_is_not_UTF8_is_refused()
    {
        PortfolioFolder folder = Folder(Good);
        folder.Files["portfolio.json"][40] = 0xFF;
        Assert.Equal(["portfolio.json: line 1: The text is not UTF-8; save the file as UTF-8."], folder.Problems());
    }

    [Fact]
    public void A_reference_with_two_meanings_is_refused()
    {
        string bad = Good.Replace("\"deals\": [", "\"deals\": [" +
            """
            { "id": "x/y", "currency": "USD", "layers": [ { "id": "z", "subject": [ { "elt": "E1" } ] } ] },
            { "id": "x", "currency": "USD", "layers": [ { "id": "y/z", "subject": [ { "elt": "E1" } ] } ] },
            { "id": "w", "currency": "USD", "layers": [ { "id": "L", "subject": [ { "layer": "x/y/z" } ] } ] },
            """, StringComparison.Ordinal);
        Assert.Equal(
            [
                "portfolio.json: $.deals[2].layers[0].subject[0].layer: 'x/y/z' could be layer 'y/z' of deal 'x' or layer 'z' of deal 'x/y'; rename one of them.",
            ],
            Folder(bad).Problems());
    }

    [Fact]
    public void A_problem_in_a_deals_file_names_its_line()
    {
        PortfolioFolder folder = Folder(WithDealsFile());
        folder["deals.jsonl"] =
            """
            { "id": "A", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "elt": "E1" } ] } ] }

            { "id": "B", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "elt": "E1" } ], "share": 2 } ] }
            { "id": "A", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "elt": "E1" } ] } ] }
            { "id": "C", "currency": "USD",
            """;
        string[] problems = folder.Problems();
        Assert.Equal("deals.jsonl: line 3, $.layers[0].share: 2 is outside [0, 1]; write 25 % as 0.25.", problems[0]);
        Assert.StartsWith("deals.jsonl: line 5, column 31: This is not valid JSON:", problems[1], StringComparison.Ordinal);
        Assert.Equal("deals.jsonl: line 4, $.id: There is another deal 'A', at line 1, $; deal ids are unique in a portfolio.", problems[2]);
        Assert.Equal(3, problems.Length);
    }

    [Fact]
    public void A_missing_or_empty_deals_file_is_refused()
    {
        PortfolioFolder folder = Folder(WithDealsFile());
        Assert.Equal(["portfolio.json: $.dealsFile: The file 'deals.jsonl' is missing in memory."], folder.Problems());
        folder["deals.jsonl"] = "\n\n";
        Assert.Equal(["portfolio.json: $.dealsFile: The portfolio has no deal; give at least one."], folder.Problems());
    }

    [Fact]
    public void A_reference_is_not_called_unknown_where_a_deal_could_not_be_read()
    {
        PortfolioFolder folder = Folder(WithDealsFile());
        folder["deals.jsonl"] =
            """
            { "id": "A", "currency": "USD", "layers": [ { "id": "L1", "subject": [ { "layer": "B/L1" } ] } ] }
            { "id": "B", "currency": "USD", "layers" [ ] }
            """;
        Assert.StartsWith("deals.jsonl: line 2, column", Assert.Single(folder.Problems()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_cycle_is_shown_in_part()
    {
        const int Length = 2000;
        PortfolioFolder folder = Folder(WithDealsFile());
        folder["deals.jsonl"] = string.Join('\n', Enumerable.Range(0, Length).Select(i =>
            $$"""{ "id": "D{{i}}", "currency": "USD", "layers": [ { "id": "L", "subject": [ { "layer": "D{{(i + 1) % Length}}/L" } ] } ] }"""));
        string problem = Assert.Single(folder.Problems());
        Assert.Contains("'D0/L' -> 'D1/L' -> ", problem, StringComparison.Ordinal);
        Assert.Contains("... (2000 layers in all) -> 'D0/L'", problem, StringComparison.Ordinal);
        Assert.True(problem.Length < 600);
    }

    private static string WithDealsFile() => Good[..Good.IndexOf("\"deals\"", StringComparison.Ordinal)] + "\"dealsFile\": \"deals.jsonl\" }";

    private static PortfolioFolder Folder(string portfolio) => new()
    {
        ["portfolio.json"] = portfolio,
        ["yet.csv"] = "trial,event_id,day\n",
        ["yet.xlsx"] = "",
        ["elts/one.csv"] = "event_id,mean_loss\n",
        ["elts/E2.csv"] = "event_id,mean_loss\n",
        ["elts/both.csv"] = "event_id,mean_loss\n",
        ["elts/both.parquet"] = "",
    };
}
